import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordSchema } from '../catalog/record.ts';
import { type Action, decide } from './decide.ts';
import type { Observation, PointFacts } from './observe.ts';
import { ago, FILE, facts, failure, ID, NOW, object, rules, UPLOAD } from './testing-observations.ts';

const etag = fc.constantFrom('e1', 'e2');
const key = fc.constantFrom(FILE, 'clip.mov', UPLOAD, '.hidden/a.png', `_deleted/${ID}.png`, 'a/../b.png');
const moment = fc.constantFrom(ago(30), ago(2), ago(1), ago(0), 'no date');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 });
const sha1 = fc.constantFrom('s1', 's2');
const anyFacts: fc.Arbitrary<PointFacts> = fc.record({
  key,
  etag,
  sha1,
  format: fc.constantFrom('png', 'webp'),
  bytes: fc.constant(3),
  record_etag: maybe(etag),
  has_thumbnail: fc.boolean(),
  has_preview: fc.boolean(),
  thumbnail_etag: maybe(etag),
  preview_etag: maybe(etag),
  words: fc.constantFrom('current', 'missing', 'outdated'),
  lettered: fc.boolean(),
  wordsError: maybe(fc.constantFrom('ocr_timeout', 'ocr_failed')),
});
const anyFailure = fc.record({
  id: fc.constant(ID),
  key,
  etag,
  code: fc.constantFrom('image_corrupt', 'not_an_image', 'name_not_utf8', 'ocr_timeout'),
  message: fc.constant('It is so.'),
  advice: fc.constant('Do.'),
  parameters: fc.constant({}),
  since: moment,
  attempts: fc.nat(9),
  retry_at: maybe(moment),
  passed_over: fc.boolean(),
});
const anyRecord = fc.record({
  etag,
  value: maybe(
    fc
      .record({ key, created: moment, sha1: maybe(sha1) })
      .map(fields => recordSchema.parse({ id: ID, ...fields })),
  ),
});
const observation: fc.Arbitrary<Observation> = fc
  .record({
    key,
    id: fc.constant(ID),
    object: maybe(etag.map(given => ({ ...object, etag: given }))),
    obstacle: fc.option(
      fc.record({
        code: fc.constantFrom('name_not_utf8', 'folder_denied'),
        message: fc.constant('It is so.'),
        advice: fc.constant('Do.'),
        parameters: fc.constant({}),
      }),
      { freq: 8 },
    ),
    record: maybe(anyRecord),
    point: maybe(maybe(anyFacts).map(given => ({ facts: given }))),
    failure: maybe(anyFailure),
    thumbnail: maybe(etag),
    preview: maybe(etag),
    trashed: maybe(moment),
    vanished: fc.boolean(),
    owner: fc.option(key, { freq: 8 }),
  })
  .map(seen => ({ ...seen, object: seen.obstacle ? null : seen.object }));

/** What is seen after an action whose work goes well, or ends in a failure of the image. */
function after(seen: Observation, action: Action, goesWell: boolean): Observation {
  const unindexed = { ...seen, point: null, thumbnail: null, preview: null };
  switch (action.type) {
    case 'ignore':
    case 'keep':
      return seen;
    case 'index':
      if (!seen.object) throw new Error('nothing to index');
      if (!goesWell) return { ...unindexed, failure: { ...failure, key: seen.key, etag: seen.object.etag } };
      return {
        ...seen,
        failure: null,
        thumbnail: 't',
        preview: 'p',
        point: {
          facts: {
            ...facts,
            key: seen.key,
            etag: seen.object.etag,
            record_etag: seen.record?.etag ?? null,
            words: 'missing',
          },
        },
      };
    case 'read_words':
      return {
        ...seen,
        failure: goesWell
          ? null
          : { ...failure, key: seen.key, etag: seen.object?.etag ?? '', code: 'ocr_timeout' },
        point: seen.point?.facts
          ? { facts: { ...seen.point.facts, words: 'current', wordsError: goesWell ? null : 'ocr_timeout' } }
          : null,
      };
    case 'annotate':
      return {
        ...seen,
        point: seen.point?.facts
          ? { facts: { ...seen.point.facts, record_etag: seen.record?.etag ?? null } }
          : null,
      };
    case 'clear_failure':
      return { ...seen, failure: null };
    case 'unindex':
      return unindexed;
    case 'remove': {
      const gone = { ...unindexed, failure: null };
      if (action.record === 'drop') return { ...gone, record: null };
      return action.record === 'hand_over' ? { ...gone, vanished: true } : gone;
    }
    case 'discard':
      return { ...seen, object: null };
    case 'rename':
      return { ...seen, object: null, owner: `uploads/${ID}.webp` };
    case 'reject':
      return { ...seen, object: null, record: null, trashed: NOW.toISOString() };
    case 'fail':
      return { ...seen, failure: { ...failure, key: seen.key, code: seen.obstacle?.code ?? '' } };
  }
}

describe('whatever is observed', () => {
  it('leads to one action, and in a few of them to an observation that is settled', () => {
    fc.assert(
      fc.property(
        observation,
        fc.record({ retry: fc.boolean(), words: fc.boolean() }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (first, given, outcomes) => {
          let seen = first;
          const actions: string[] = [];
          for (const [round, goesWell] of outcomes.entries()) {
            const action = decide(seen, { ...rules, ...given, retry: given.retry && round === 0 });
            if (action.type === 'ignore' || action.type === 'keep') return;
            actions.push(action.type);
            seen = after(seen, action, goesWell);
          }
          throw new Error(`never settled: ${actions.join(', ')}`);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('never loses an image whose object is there, nor its annotations', () => {
    fc.assert(
      fc.property(observation, seen => {
        const action = decide(seen, rules);
        if (seen.object) expect(action.type).not.toBe('remove');
        const isFile = seen.key === FILE || seen.key === 'a/../b.png';
        if (action.type === 'remove' && isFile) expect(action.record).not.toBe('drop');
        if (seen.obstacle) expect(['fail', 'keep', 'ignore']).toContain(action.type);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is decided the same each time', () => {
    fc.assert(
      fc.property(observation, seen => {
        expect(decide(seen, rules)).toEqual(decide(structuredClone(seen), rules));
      }),
    );
  });
});
