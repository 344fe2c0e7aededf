import type { Rules } from './decide.ts';
import type { Observation, PointFacts } from './observe.ts';

export const NOW = new Date('2026-05-01T12:00:00.000Z');
export const rules: Rules = { retry: false, words: true, now: NOW };
export const FILE = 'cats/a.png';
export const ID = 'b3aff1e9-8085-5300-8e06-37b522384659';
export const UPLOAD = `uploads/${ID}.png`;
/** RFC 3339 */
export const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

export const object = { key: FILE, etag: 'new', bytes: 3, modified: NOW };
/** The facts of a point that agrees with `object`. */
export const facts: PointFacts = {
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
/** The observation of a file of which nothing is known. */
export const nothing: Observation = {
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
export const failure = {
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
