import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordSchema } from '../catalog/record.ts';
import { type Action, decide, type Rules } from './decide.ts';
import type { Observation, PointFacts } from './observe.ts';

const NOW = new Date('2026-05-01T12:00:00.000Z');
const rules: Rules = { retry: false, words: true, now: NOW };
const FILE = 'cats/a.png';
const ID = 'b3aff1e9-8085-5300-8e06-37b522384659';
const UPLOAD = `uploads/${ID}.png`;
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const object = { key: FILE, etag: 'new', bytes: 3, modified: NOW };
const facts: PointFacts = {
  key: FILE,
  etag: 'new',
  sha1: 'sha1',
  format: 'png',
  bytes: 3,
  record_etag: null,
  has_thumbnail: true,
  has_preview: true,
  thumbnail_etag: 't',
  preview_etag: 'p',
  words: 'current',
  lettered: false,
  wordsError: null,
};
const nothing: Observation = {
  key: FILE,
  id: ID,
  object: null,
  obstacle: null,
  record: null,
  point: null,
  failure: null,
  thumbnail: null,
  preview: null,
  trashed: null,
  vanished: false,
  owner: null,
};
const indexed: Observation = { ...nothing, object, point: { facts }, thumbnail: 't', preview: 'p' };
const failure = {
  id: ID,
  key: FILE,
  etag: 'new',
  code: 'image_corrupt',
  message: 'It ends too early',
  advice: 'Replace it.',
  parameters: {},
  since: ago(1),
  attempts: 1,
  retry_at: null,
  passed_over: false,
};
const recordOf = (fields: { key?: string; created?: string; sha1?: string | null } = {}) => ({
  etag: 'r',
  value: recordSchema.parse({ id: ID, key: FILE, created: ago(1), sha1: 'sha1', ...fields }),
});
const upload = { ...nothing, key: UPLOAD };

const incomplete = (given: Observation['failure']): Observation => ({
  ...indexed,
  point: { facts: { ...facts, wordsError: 'ocr_timeout' } },
  failure: given,
});

describe('what is decided', () => {
  it.each<[string, Partial<Observation>, Action['type'], Action['reason'], Partial<Rules>?]>([
    ['nothing known', nothing, 'keep', 'absent'],
    ['a new object', { ...nothing, object }, 'index', 'new'],
    ['an indexed object', indexed, 'keep', 'current'],
    ['other bytes', { ...indexed, object: { ...object, etag: 'newer' } }, 'index', 'changed'],
    [
      'a point of another key',
      { ...indexed, point: { facts: { ...facts, key: 'b.png' } } },
      'index',
      'changed',
    ],
    ['a payload of another version', { ...indexed, point: { facts: null } }, 'index', 'unreadable_point'],
    ['a lost thumbnail', { ...indexed, thumbnail: null }, 'index', 'derived_images_differ'],
    ['a preview of other bytes', { ...indexed, preview: 'other' }, 'index', 'derived_images_differ'],
    [
      'a point that does not name its preview',
      { ...indexed, preview: 'any', point: { facts: { ...facts, preview_etag: null } } },
      'keep',
      'current',
    ],
    ['other annotations', { ...indexed, record: recordOf() }, 'annotate', 'annotations_changed'],
    [
      'no words yet',
      { ...indexed, point: { facts: { ...facts, words: 'missing' } } },
      'read_words',
      'words_missing',
    ],
    [
      'words that an earlier version read',
      { ...indexed, point: { facts: { ...facts, words: 'outdated' } } },
      'read_words',
      'words_outdated',
    ],
    [
      'no words, and none are read',
      { ...indexed, point: { facts: { ...facts, words: 'missing' } } },
      'keep',
      'current',
      { words: false },
    ],
    ['a failure that was overcome', { ...indexed, failure }, 'clear_failure', 'indexed'],
    ['words that are incomplete', incomplete(null), 'read_words', 'words_incomplete'],
    ['the same, noted', incomplete({ ...failure, code: 'ocr_timeout' }), 'keep', 'current'],
    [
      'the same, due',
      incomplete({ ...failure, code: 'ocr_timeout', retry_at: ago(0) }),
      'read_words',
      'retry',
    ],
    [
      'the same, asked for',
      incomplete({ ...failure, code: 'ocr_timeout' }),
      'read_words',
      'retry',
      { retry: true },
    ],
    [
      'words that were completed',
      { ...indexed, failure: { ...failure, code: 'ocr_timeout' } },
      'clear_failure',
      'indexed',
    ],
    ['a video', { ...nothing, key: 'clip.MOV' }, 'ignore', 'no_image'],
    ['a sidecar that was a failure', { ...nothing, key: 'a.xmp', failure }, 'remove', 'gone'],
    ['a known failure', { ...nothing, object, failure }, 'keep', 'failed'],
    [
      'a failure of other bytes',
      { ...nothing, object, failure: { ...failure, etag: 'old' } },
      'index',
      'new',
    ],
    ['a failure that is asked for again', { ...nothing, object, failure }, 'index', 'retry', { retry: true }],
    [
      'a failure whose next try is due',
      { ...nothing, object, failure: { ...failure, retry_at: ago(0) } },
      'index',
      'retry',
    ],
    [
      'a failure whose next try is not due',
      { ...nothing, object, failure: { ...failure, retry_at: ago(-1) } },
      'keep',
      'failed',
    ],
    [
      'a failure with a point of older bytes',
      { ...indexed, point: { facts: { ...facts, etag: 'old' } }, failure },
      'unindex',
      'failed',
    ],
    ['an object that is gone', { ...indexed, object: null }, 'remove', 'gone'],
    ['a failure whose object is gone', { ...nothing, failure }, 'remove', 'gone'],
    ['a thumbnail of nothing', { ...nothing, thumbnail: 't' }, 'remove', 'gone'],
    ['annotations of a file that is gone', { ...nothing, record: recordOf() }, 'remove', 'gone'],
    ['the same, marked', { ...nothing, record: recordOf(), vanished: true }, 'keep', 'absent'],
    ['annotations of unknown bytes', { ...nothing, record: recordOf({ sha1: null }) }, 'keep', 'absent'],
    ['a hidden file', { ...nothing, key: '.trash/a.png' }, 'ignore', 'hidden'],
    ['a file that was hidden', { ...indexed, key: '.trash/a.png', object: null }, 'remove', 'gone'],
    ['an upload that is awaited', { ...upload, record: recordOf({ key: UPLOAD }) }, 'keep', 'awaited'],
    [
      'an upload that never came',
      { ...upload, record: recordOf({ key: UPLOAD, created: ago(25) }) },
      'remove',
      'gone',
    ],
    [
      'an upload that was deleted',
      { ...upload, record: recordOf({ key: UPLOAD }), trashed: ago(0) },
      'remove',
      'gone',
    ],
    [
      'an upload that is awaited again after it was deleted',
      { ...upload, record: recordOf({ key: UPLOAD }), trashed: ago(2) },
      'keep',
      'awaited',
    ],
    [
      'an upload that was deleted before its bytes came',
      { ...upload, object: { ...object, key: UPLOAD }, trashed: ago(1) },
      'discard',
      'deleted',
    ],
    [
      'an upload of another format than was announced',
      {
        ...upload,
        object: { ...object, key: UPLOAD },
        record: recordOf({ key: UPLOAD }),
        point: { facts: { ...facts, key: UPLOAD, format: 'webp' } },
        thumbnail: 't',
        preview: 'p',
      },
      'rename',
      'other_format',
    ],
    [
      'an upload that is no image',
      {
        ...upload,
        object: { ...object, key: UPLOAD },
        record: recordOf({ key: UPLOAD }),
        failure: { ...failure, key: UPLOAD, code: 'not_an_image' },
      },
      'reject',
      'not_an_image',
    ],
    [
      'an upload that was rejected',
      { ...upload, trashed: ago(1), failure: { ...failure, key: UPLOAD, code: 'not_an_image' } },
      'keep',
      'failed',
    ],
    ['an upload without a record', { ...upload, object: { ...object, key: UPLOAD } }, 'index', 'new'],
    ['an upload that has another key now', { ...upload, owner: `remote/${ID}.png` }, 'ignore', 'other_key'],
    ['what is in the trash', { ...indexed, key: `_deleted/${ID}.png` }, 'ignore', 'trash'],
    ['a name that is no text', { ...nothing, obstacle: failure }, 'fail', 'obstacle'],
    ['the same, known', { ...nothing, obstacle: failure, failure }, 'keep', 'failed'],
  ])('of %s', (_name, seen, type, reason, given = {}) => {
    expect(decide({ ...nothing, ...seen }, { ...rules, ...given })).toMatchObject({ type, reason });
  });

  it.each([
    ['is handed over where its bytes are known', { ...nothing, record: recordOf() }, 'hand_over'],
    [
      'is dropped with the upload that never came',
      { ...upload, record: recordOf({ created: ago(30) }) },
      'drop',
    ],
    [
      'stays with an upload whose failure goes',
      { ...upload, record: recordOf({ key: UPLOAD }), failure },
      'keep',
    ],
  ])('of an object that is gone: its record %s', (_name, seen, record) => {
    expect(decide(seen, rules)).toMatchObject({ type: 'remove', record });
  });
});

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
  message: fc.constant('told'),
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
        message: fc.constant('told'),
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
