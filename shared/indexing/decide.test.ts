import { describe, expect, it } from 'vitest';
import { recordSchema } from '../catalog/record.ts';
import { type Action, decide, type Rules } from './decide.ts';
import type { Observation } from './observe.ts';
import { ago, FILE, facts, failure, ID, nothing, object, rules, UPLOAD } from './testing-observations.ts';

const indexed: Observation = { ...nothing, object, point: { facts }, thumbnail: 't', preview: 'p' };
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
      'the same, on request',
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
    [
      'a failure to be tried again on request',
      { ...nothing, object, failure },
      'index',
      'retry',
      { retry: true },
    ],
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
