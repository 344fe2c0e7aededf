import { expect, test } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { rememberingTexts } from './text-vectors.ts';

const model = { name: 'm', fingerprint: 'f', dimension: 1, languages: ['*'] };

function counting() {
  const asked: string[] = [];
  const encoder = rememberingTexts({
    model,
    async encodeText(text) {
      asked.push(text);
      if (text === '') throw new SemblanceError('empty_query', 'nothing');
      return { vector: Float32Array.of(text.length), parts: 1 };
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
