import { describe, expect, it } from 'vitest';
import { isExpected, isKnown, rangeHolds, validatorsOf } from './conditions.ts';

const DATE = 'Thu, 05 Mar 2026 10:20:30 GMT';
const EARLIER = 'Thu, 05 Mar 2026 10:20:29 GMT';
const LATER = 'Thu, 05 Mar 2026 10:20:31 GMT';
// The file's time has a fraction of a second, which no header carries.
const validators = validatorsOf({ etag: 'abc', modified: new Date('2026-03-05T10:20:30.700Z') });
const given = (headers: Record<string, string>) => (name: string) => headers[name];

describe('whether the request is carried out', () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ 'If-Match': '"abc"' }, true],
    [{ 'If-Match': '"x", "abc"' }, true],
    [{ 'If-Match': '*' }, true],
    [{ 'If-Match': '"x"' }, false],
    [{ 'If-Match': 'W/"abc"' }, false],
    [{ 'If-Match': 'abc' }, false],
    [{ 'If-Unmodified-Since': DATE }, true],
    [{ 'If-Unmodified-Since': LATER }, true],
    [{ 'If-Unmodified-Since': EARLIER }, false],
    [{ 'If-Unmodified-Since': 'yesterday' }, true],
    [{ 'If-Match': '"abc"', 'If-Unmodified-Since': EARLIER }, true],
  ])('%j: %s', (headers, expected) => {
    expect(isExpected(given(headers), validators)).toBe(expected);
  });
});

describe('whether the client has it already', () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ 'If-None-Match': '"abc"' }, true],
    [{ 'If-None-Match': 'W/"abc"' }, true],
    [{ 'If-None-Match': '"x" , "abc"' }, true],
    [{ 'If-None-Match': '*' }, true],
    [{ 'If-None-Match': '"x"' }, false],
    [{ 'If-Modified-Since': DATE }, true],
    [{ 'If-Modified-Since': LATER }, true],
    [{ 'If-Modified-Since': EARLIER }, false],
    [{ 'If-Modified-Since': 'Thursday, 05-Mar-26 10:20:30 GMT' }, true],
    [{ 'If-Modified-Since': '1' }, false],
    [{ 'If-None-Match': '"x"', 'If-Modified-Since': LATER }, false],
  ])('%j: %s', (headers, expected) => {
    expect(isKnown(given(headers), validators)).toBe(expected);
  });
});

describe('whether a part may be sent', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['"abc"', true],
    [DATE, true],
    ['W/"abc"', false],
    ['"x"', false],
    [LATER, false],
    [EARLIER, false],
  ])('If-Range %s: %s', (header, expected) => {
    expect(rangeHolds(header, validators)).toBe(expected);
  });
});
