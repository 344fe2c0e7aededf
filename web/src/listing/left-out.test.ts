import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { likeImage, type Reference } from '../state/reference.ts';
import { NO_SEARCH, type SearchState } from '../state/search-state.ts';
import { NothingLeftError, searchTolerantly } from './left-out.ts';

const HERE = likeImage('here');
const WAITS = likeImage('waits');
const GONE = likeImage('gone');
const FILE: Reference = { kind: 'file', key: 'kept', weight: 1, region: null };
const LOST: Reference = { ...FILE, key: 'lost' };
const BLOB = new Blob(['image']);

/** A server that rejects a search by the first image that is not indexed, as ours does, and what was sent to it. */
function serverOf(states: Record<string, 'waiting' | 'gone'>) {
  const sent: { readonly references: readonly string[]; readonly files: readonly Blob[] }[] = [];
  const run = (search: Partial<SearchState>) =>
    searchTolerantly({
      search: { ...NO_SEARCH, ...search },
      send: async ({ references }, files) => {
        sent.push({ references: references.map(({ key }) => key), files });
        const found = references.map(({ key }) => states[key]);
        if (found.includes('waiting')) throw new ApiError(409, 'image_queued', 'It waits to be indexed');
        if (found.includes('gone')) throw new ApiError(404, 'not_found', 'There is no such image');
        return 'found';
      },
      fileOf: async key => (key === 'kept' ? BLOB : null),
      imageState: async id => states[id] ?? 'indexed',
    });
  return { sent, run, states };
}

describe('a search', () => {
  it('goes on without images that wait and without those that are gone, and tells which is which', async () => {
    const { sent, run } = serverOf({ waits: 'waiting', gone: 'gone' });
    expect(await run({ text: 'cat', references: [WAITS, HERE, GONE] })).toEqual({
      found: 'found',
      leftOut: [
        { reference: WAITS, reason: 'waiting' },
        { reference: GONE, reason: 'gone' },
      ],
    });
    expect(sent.map(({ references }) => references)).toEqual([['waits', 'here', 'gone'], ['here']]);
  });

  it('goes on without a file that this tab does not have, and sends the others', async () => {
    const { sent, run } = serverOf({});
    const { leftOut } = await run({ references: [LOST, FILE] });
    expect(leftOut).toEqual([{ reference: LOST, reason: 'gone' }]);
    expect(sent).toEqual([{ references: ['kept'], files: [BLOB] }]);
  });

  it('leaves nothing out, and asks for no image, where all are indexed', async () => {
    const { sent, run } = serverOf({});
    expect(await run({ references: [HERE, FILE] })).toEqual({ found: 'found', leftOut: [] });
    expect(sent).toHaveLength(1);
  });

  it('is sent as it was where the image is indexed by the time that it is looked up', async () => {
    const { sent, run, states } = serverOf({ waits: 'waiting' });
    const searched = run({ references: [WAITS] });
    delete states['waits'];
    expect(await searched).toEqual({ found: 'found', leftOut: [] });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['waits', [WAITS], [{ reference: WAITS, reason: 'waiting' }]],
    ['is gone', [GONE], [{ reference: GONE, reason: 'gone' }]],
    ['is a file of another tab', [LOST], [{ reference: LOST, reason: 'gone' }]],
  ])('by nothing but an image that %s fails, and says so', async (_, references, leftOut) => {
    const { run } = serverOf({ waits: 'waiting', gone: 'gone' });
    const error = await run({ references }).catch(cause => cause);
    expect(error).toBeInstanceOf(NothingLeftError);
    expect(error).toMatchObject({ leftOut });
  });

  it('fails with what else the server says', async () => {
    const { run } = serverOf({ gone: 'gone' });
    const broken = new ApiError(503, 'index_unavailable', 'The index does not respond');
    const search = { ...NO_SEARCH, references: [GONE] };
    const ports = { fileOf: async () => null, imageState: async () => 'gone' as const };
    await expect(searchTolerantly({ search, send: () => Promise.reject(broken), ...ports })).rejects.toBe(
      broken,
    );
    await expect(run({ text: 'cat', references: [] })).resolves.toMatchObject({ leftOut: [] });
  });
});
