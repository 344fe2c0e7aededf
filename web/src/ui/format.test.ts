import { expect, it, vi } from 'vitest';

it('an image is of the day that it was taken on, wherever the reader is', async () => {
  for (const zone of ['Asia/Shanghai', 'America/Los_Angeles']) {
    vi.stubEnv('TZ', zone);
    vi.resetModules();
    const { formatTaken } = await import('./format.ts');
    expect(formatTaken('2026-03-01T20:30:00')).toMatch(/Mar 1, 2026/);
    expect(formatTaken('2026-03-01T01:30:00+08:00')).toMatch(/Mar 1, 2026/);
  }
  vi.unstubAllEnvs();
});
