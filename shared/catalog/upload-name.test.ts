import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uploadName } from './upload-name.ts';

it.each([
  ['Holiday 新年 🐈.jpg', 'Holiday 新年 🐈.jpg'],
  ['C:\\Users\\me\\a.jpg', 'a.jpg'],
  ['../../etc/passwd', 'passwd'],
  ['a\u0000b\r\n.jpg', 'ab.jpg'],
  ['cafe\u0301.jpg', 'cafe\u0301.jpg'],
  ['folder/', null],
  ['   ', null],
  ['', null],
])('of %j is %j', (given, name) => {
  expect(uploadName(given)).toBe(name);
});

it('is a file name of well-formed text, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), given => {
      const name = uploadName(given);
      if (name === null) return;
      expect(name).not.toMatch(/[/\\\p{Cc}]/u);
      expect(name.isWellFormed()).toBe(true);
      expect([...name].length).toBeLessThanOrEqual(255);
    }),
  );
});
