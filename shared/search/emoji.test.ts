import { expect, test } from 'vitest';
import { nameEmoji, namingEmoji } from './emoji.ts';

test.each([
  ['🐕', 'dog'],
  ['🐕🐕🐕', 'dog'],
  ['🐕 🐕', 'dog'],
  ['🍎🐛', 'red apple bug'],
  ['a 🎂 for two', 'a birthday cake for two'],
  ['雪地里的🐕', '雪地里的 狗'],
  ['❤️', 'red heart'],
  ['❤', 'red heart'],
  ['👍🏽', 'thumbs up'],
  ['👩🏻‍🚀', 'woman astronaut'],
  ['🇯🇵', 'flag: Japan'],
  ['1️⃣', 'keycap: 1'],
  ['no emoji 50% #1 ™ text', 'no emoji 50% #1 trade mark text'],
  ['plain  text', 'plain  text'],
  ['', ''],
])('%s is searched for as "%s"', (text, named) => {
  expect(nameEmoji(text)).toBe(named);
});

test('a model that knows most languages gets emoji as they are', async () => {
  const model = { name: 'm', fingerprint: 'f', dimension: 1 };
  const asked: string[] = [];
  const encodeText = async (text: string) => {
    asked.push(text);
    return { vector: Float32Array.of(1), parts: 1 };
  };
  await namingEmoji({ model: { ...model, languages: ['*'] }, encodeText }).encodeText('🐕');
  await namingEmoji({ model: { ...model, languages: ['en'] }, encodeText }).encodeText('🐕');
  expect(asked).toEqual(['🐕', 'dog']);
});
