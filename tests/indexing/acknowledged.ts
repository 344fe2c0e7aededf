import { expect } from 'vitest';
import type { Domain } from './domain.ts';

/** What the responses said, by the id of an upload; `unsure` where there was no response. */
export type Promises = {
  readonly uploads: Map<string, 'stored' | 'trashed' | 'gone' | 'unsure'>;
  readonly stars: Map<string, boolean>;
};

/** An upload that was acknowledged is there with its star, and one whose deletion was is in the trash alone. */
export async function expectAcknowledged(domain: Domain, { uploads, stars }: Promises): Promise<void> {
  const trashed = new Set((await domain.library.trash()).map(({ id }) => id));
  for (const [id, promised] of uploads) {
    const state = await domain.library.state(id);
    if (promised === 'stored') {
      expect(['indexed', 'failed'], `upload ${id}`).toContain(state);
      const payload = await domain.payload(id);
      if (payload) expect(payload.starred, `star of ${id}`).toBe(stars.get(id));
    }
    if (promised === 'trashed' || promised === 'gone') expect(state, `deleted ${id}`).toBe('unknown');
    if (promised === 'trashed') expect(trashed, `trash`).toContain(id);
  }
}
