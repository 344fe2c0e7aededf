import fc from 'fast-check';
import { expect, it } from 'vitest';
import { likeImage } from '../state/reference.ts';
import { formatPlace, parsePlace } from './place-in-search.ts';

it('is read back as it was written', () => {
  const anyReferences = fc.uniqueArray(fc.uuid(), { maxLength: 12 }).chain(ids => {
    const references = ids.map(id => likeImage(id));
    return fc.tuple(fc.constant(references), fc.subarray(references), fc.nat(10_000));
  });
  fc.assert(
    fc.property(anyReferences, ([references, without, skip]) => {
      const cursor = formatPlace({ skip, without }, references);
      expect(parsePlace(cursor, references)).toEqual({ skip, without });
    }),
  );
});

it('is the beginning, with all references, where there is no cursor', () => {
  expect(parsePlace(null, [likeImage('a')])).toEqual({ skip: 0, without: [] });
});
