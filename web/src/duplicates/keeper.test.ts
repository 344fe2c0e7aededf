import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  exportTable,
  inheritance,
  isDeletable,
  reasonsFor,
  suggestKeeper,
} from './keeper.ts';

const image = (id: string, fields: Partial<Candidate> = {}): Candidate => ({
  id,
  index_date: '2026-01-01T00:00:00Z',
  width: 100,
  height: 100,
  starred: false,
  categories: null,
  local: true,
  comments: null,
  taken_at: '2026-01-01T00:00:00Z',
  bytes: 1000,
  name: null,
  path: null,
  ...fields,
});

describe('suggestKeeper', () => {
  it.each([
    ['the starred one', { starred: true }, 'starred'],
    ['the one with the most annotations', { categories: ['a'], comments: 'b' }, 'annotated'],
    ['the largest', { width: 200 }, 'largest'],
    ['the one of most bytes', { bytes: 2000 }, 'largest'],
    ['the oldest', { taken_at: '2020-01-01T00:00:00Z' }, 'oldest'],
  ] as const)('takes %s', (_, fields, reason) => {
    const best = image('z', fields as Partial<Candidate>);
    const group = [image('a'), best, image('b')];
    expect(suggestKeeper(group)?.id).toBe('z');
    expect(reasonsFor(best, group)).toEqual([reason]);
  });

  it('ranks annotations above pixels', () => {
    expect(suggestKeeper([image('a', { width: 900 }), image('b', { starred: true })])?.id).toBe('b');
  });

  it('takes always the same of equals', () => {
    expect(suggestKeeper([image('b'), image('a')])?.id).toBe('a');
    expect(suggestKeeper([])).toBeUndefined();
  });
});

describe('inheritance', () => {
  it('gives the keeper all annotations of the others, once', () => {
    const keeper = image('a', { categories: ['x'], comments: 'one' });
    const others = [
      image('b', { categories: ['x', 'y'], comments: 'two ', starred: true }),
      image('c', { comments: 'one' }),
    ];
    expect(inheritance(keeper, others)).toEqual({
      starred: true,
      add_categories: ['y'],
      comments: 'one\n\ntwo',
    });
  });

  it('is nothing where the keeper has it all', () => {
    expect(
      inheritance(image('a', { starred: true, comments: 'n' }), [image('b', { starred: true })]),
    ).toBeNull();
  });
});

describe('isDeletable', () => {
  it('leaves alone what is in a folder, or elsewhere', () => {
    expect(isDeletable(image('a'))).toBe(true);
    expect(isDeletable(image('a', { path: 'x/y.jpg' }))).toBe(false);
    expect(isDeletable(image('a', { local: false }))).toBe(false);
  });
});

describe('exportTable', () => {
  it('names files, quoted, and runs nothing in a spreadsheet', () => {
    const trash = [image('b', { path: 'a,"b".jpg' }), image('c', { path: '=cmd.jpg' })];
    expect(exportTable([{ keep: [image('a', { path: 'k.jpg' })], trash }])).toBe(
      'duplicate,kept,bytes\r\n"a,""b"".jpg",k.jpg,1000\r\n\'=cmd.jpg,k.jpg,1000',
    );
  });
});
