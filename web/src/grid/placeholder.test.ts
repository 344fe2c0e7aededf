import { rgbaToThumbHash } from 'thumbhash';
import { describe, expect, it } from 'vitest';
import { placeholderUrl } from './placeholder.ts';

const red = Array.from({ length: 16 * 16 }, () => [220, 30, 30, 255]).flat();
const redHash = Buffer.from(rgbaToThumbHash(16, 16, red)).toString('base64');

describe('placeholderUrl', () => {
  it('decodes a base64 ThumbHash into a small PNG', () => {
    const url = placeholderUrl(redHash);
    expect(url).toMatch(/^data:image\/png;base64,/);
    const png = Buffer.from(url?.split(',')[1] ?? '', 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeLessThanOrEqual(32);
  });

  it('decodes the same hash once', () => {
    expect(placeholderUrl(redHash)).toBe(placeholderUrl(redHash));
  });

  it.each([null, undefined, '', 'AA==', '%%%'])('shows no placeholder for %j', hash => {
    expect(placeholderUrl(hash)).toBeUndefined();
  });
});
