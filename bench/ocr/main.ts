/**
 * `npm run bench:ocr`: how well words are read off 72 labelled images (English, simplified and traditional
 * Chinese; clean, low contrast, small, on an image) and 80 of special kinds (wide, tall, turned, in columns, …), and
 * how much is imagined where there are none. Options:
 * `--misread` lists every image that was not read exactly; `--noticed` tells instead in how many images with words
 * some are noticed, as they are and harder to see (in minutes).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuTime } from '../../shared/cpu-time.ts';
import type { TransparentImage } from '../../shared/ocr/grounds.ts';
import { openOcrEngine } from '../../shared/ocr/ocr-engine.ts';
import { wordsReader } from '../../shared/ocr/words-reader.ts';
import { cases, languages, styles } from './cases.ts';
import { IMAGES, KINDS, pixelsOf, wordless } from './images.ts';
import { kinds as labelledKinds } from './kinds.ts';
import { tellNoticed } from './noticing.ts';
import { type Score, score, sum } from './score.ts';

const { values } = parseArgs({
  options: { misread: { type: 'boolean', default: false }, noticed: { type: 'boolean', default: false } },
});

const engine = openOcrEngine(1);
if (values.noticed) {
  await tellNoticed(engine);
  await engine.close();
  process.exit();
}
/** Only reading is measured: nothing is embedded. */
const encoder = {
  model: { name: 'none', fingerprint: '', dimension: 1, languages: [] },
  encodeText: async () => ({ vector: Float32Array.of(1), parts: 1 }),
};
const reader = wordsReader({ engine, encoder });
const readWords = (image: TransparentImage) => reader(image, () => false);
const times: number[] = [];
const before = process.memoryUsage.rss();
await readWords(await pixelsOf(join(IMAGES, cases[0]?.file ?? '')));

const results: { language: string; style: string; score: Score }[] = [];
for (const { file, language, style, lines } of cases) {
  const text = await timed(await pixelsOf(join(IMAGES, file)));
  const result = { language, style, score: score(lines, text) };
  results.push(result);
  if (values.misread && result.score.edits > 0)
    console.log(file, JSON.stringify(lines), JSON.stringify(text));
}

console.log('                            characters wrong   spaces left out   words found');
for (const language of languages) {
  for (const style of styles)
    print(`${language.padEnd(8)} ${style}`, r => r.language === language && r.style === style);
  print(language, r => r.language === language);
}
for (const style of styles) print(style, r => r.style === style);
print('all', () => true);

console.log('\nkinds');
let imagined = 0;
const countImagined = (name: string, text: string) => {
  imagined += [...text].length;
  if (values.misread && text !== '') console.log(name, JSON.stringify(text));
};
for (const { kind, file, lines } of labelledKinds) {
  const text = await timed(await pixelsOf(join(KINDS, file)));
  if (lines.length === 0) {
    countImagined(file, text);
    continue;
  }
  const result = { language: kind, style: 'kind', score: score(lines, text) };
  results.push(result);
  if (values.misread && result.score.edits > 0)
    console.log(file, JSON.stringify(lines), JSON.stringify(text));
}
const kinds = new Set(results.filter(r => r.style === 'kind').map(r => r.language));
for (const kind of kinds) print(kind, r => r.language === kind);

console.log(`scripts that are not read: ${imagined} false characters`);

imagined = 0;
const none = await wordless();
for (const { name, image } of none) {
  const text = await timed(image);
  countImagined(name, text);
}
console.log(`without text: ${imagined} false characters in ${none.length} images`);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(`CPU of an image: ${tell(times)}`);
console.log(`CPU of a labelled image of 960 × 640: ${tell(times.slice(0, cases.length))}`);
console.log(`CPU of an image without text: ${tell(times.slice(-none.length))}`);
console.log(`peak RSS ${peak.toFixed(0)} MB, ${(peak - before / 2 ** 20).toFixed(0)} MB of it for reading`);
await engine.close();

/** ms. */
function tell(of: readonly number[]): string {
  const sorted = of.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, one thread`;
}

async function timed(image: TransparentImage): Promise<string> {
  const start = cpuTime();
  const { text } = await readWords(image);
  times.push(cpuTime() - start);
  return text;
}

function print(name: string, which: (result: (typeof results)[number]) => boolean): void {
  const all = sum(results.filter(which).map(result => result.score));
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`.padStart(16);
  console.log(
    name.padEnd(28) +
      percent(all.edits, all.characters) +
      percent(all.editsUnspaced, all.charactersUnspaced).padStart(18) +
      percent(all.termsFound, all.terms).padStart(14),
  );
}
