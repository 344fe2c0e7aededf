import { expect, test } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { oneTextAtATime, rememberingTexts } from './text-vectors.ts';

const model = { name: 'm', fingerprint: 'f', dimension: 1, languages: ['*'] };

function counting() {
  const asked: string[] = [];
  const encoder = rememberingTexts({
    model,
    async encodeText(text) {
      asked.push(text);
      if (text === '') throw new SemblanceError('empty_query', 'nothing');
      return Float32Array.of(text.length);
    },
  });
  return { asked, encoder };
}

test('the same text is embedded once, also in another Unicode form or with spaces around', async () => {
  const { asked, encoder } = counting();
  await Promise.all(['é', ' e\u0301 ', 'é'].map(text => encoder.encodeText(text)));
  expect(asked).toEqual(['é']);
});

test('lone surrogates are replaced', async () => {
  const { asked, encoder } = counting();
  await encoder.encodeText('a\ud800b');
  expect(asked).toEqual(['a\ufffdb']);
});

test('a failure is not remembered', async () => {
  const { asked, encoder } = counting();
  for (let i = 0; i < 2; i++)
    await expect(encoder.encodeText(' ')).rejects.toMatchObject({ code: 'empty_query' });
  expect(asked).toHaveLength(2);
});

test('memory is bounded: neither many texts nor long ones stay', async () => {
  const { asked, encoder } = counting();
  for (let i = 0; i < 1_001; i++) await encoder.encodeText(`text ${i}`);
  await encoder.encodeText('text 0');
  const long = 'x'.repeat(5_000);
  await encoder.encodeText(long);
  await encoder.encodeText(long);
  expect(asked).toHaveLength(1_001 + 1 + 2);
});

test('texts are embedded one at a time in their order, and others get a turn between them', async () => {
  const happened: string[] = [];
  let atOnce = 0;
  const encoder = oneTextAtATime({
    model,
    async encodeText(text) {
      expect(++atOnce).toBe(1);
      await null;
      atOnce--;
      happened.push(text);
      if (text === 'bad') throw new SemblanceError('empty_query', 'nothing');
      return Float32Array.of(1);
    },
  });
  setImmediate(() => happened.push('something else'));

  await Promise.allSettled(['a', 'bad', 'c'].map(text => encoder.encodeText(text)));

  expect(happened.filter(text => text !== 'something else')).toEqual(['a', 'bad', 'c']);
  expect(happened.indexOf('something else')).toBeLessThan(happened.indexOf('c'));
});
