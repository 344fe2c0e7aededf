import { expect, it } from 'vitest';
import { IMAGE_FORMATS } from './formats.ts';
import { passedOverKind } from './passed-over.ts';

it.each([
  ['a/IMG_1.xmp', 'sidecars'],
  ['IMG_1.AAE', 'sidecars'],
  ['clip.MOV', 'videos'],
  ['00001.mts', 'videos'],
  ['a.m4a', 'audio'],
  ['scan.PDF', 'documents'],
  ['photos.zip', 'others'],
])('%s is one of the %s', (key, kind) => expect(passedOverKind(key)).toBe(kind));

it.each([
  'a.jpg',
  'a.JPEG',
  'a',
  'a.unknown',
  'movie.mov/a.jpg',
  'a.svg',
  'a.psd',
  ...IMAGE_FORMATS.map(f => `a.${f}`),
])('%s is looked into', key => expect(passedOverKind(key)).toBeNull());
