/**
 * `npm run bench:prompts`: whether the demo gallery is searched better when queries of one or two words are set in
 * sentences, as CLIP's authors do ("a photo of a …", the mean over several: Radford et al. 2021, 3.1.4).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import { PREVIEW_EDGE } from '../../shared/catalog/limits.ts';
import { decodeImage } from '../../shared/images/decode.ts';
import { preparePixels } from '../../shared/images/preprocess.ts';
import { smallestEdge } from '../../shared/images/reader.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { toUnitLength } from '../../shared/models/unit-length.ts';
import { measure, summarize } from './measure.ts';
import { type Query, readGallery, readQueries } from './table.ts';

const TEMPLATES = {
  en: ['{}', 'a photo of a {}', 'an image of a {}', 'a drawing of a {}', 'an emoji of a {}'],
  zh: ['{}', '{}的照片', '一张{}的图片', '一幅{}的画', '一个{}'],
} as const;
const ENSEMBLES: Readonly<Record<string, readonly number[]>> = {
  'the mean of all': [0, 1, 2, 3, 4],
  'the mean of all sentences': [1, 2, 3, 4],
};

const model = await openModel(demoModel());
const { input } = model.info;
const encoder = await model.openImage({});
const text = await model.openText({});

const images: { sha1: string; vector: Float32Array }[] = [];
for (const { file } of readGallery()) {
  const bytes = await readFile(join(import.meta.dirname, '../../gallery', file));
  const limits = { maxPixels: 100_000_000, short: smallestEdge(input), long: PREVIEW_EDGE, pixels: 0 };
  const image = await decodeImage(bytes, limits);
  const vector = await encoder.encodePixels(preparePixels(image.rgb, image, input));
  images.push({ sha1: sha1Hex(bytes), vector });
}

const queries = readQueries().filter(isShort);
console.log(
  `${queries.length} queries of one or two words over ${images.length} images; recall@1, recall@10\n`,
);
for (const language of ['en', 'zh'] as const) {
  const templates = TEMPLATES[language];
  const rows: [string, readonly string[]][] = [
    ...templates.map((template): [string, string[]] => [template, [template]]),
    ...Object.entries(ENSEMBLES).map(([name, which]): [string, string[]] => [
      name,
      which.map(i => templates[i] ?? '{}'),
    ]),
  ];
  for (const [name, used] of rows) {
    const mine = queries.filter(query => query.language === language);
    const outcomes = await measure(mine, query => find(used.map(template => template.replace('{}', query))));
    const all = summarize(
      outcomes.map(outcome => ({ ...outcome, query: { ...outcome.query, kind: 'all' } })),
    );
    const cells = all.flatMap(({ recallAt1, recallAt10 }) => [recallAt1, recallAt10]);
    console.log(`${language}  ${name.padEnd(28)}`, cells.map(value => value.toFixed(3)).join('  '));
  }
}
await encoder.close();
await text.close();

function isShort({ text: query, language }: Query): boolean {
  return language === 'zh' ? [...query].length <= 4 : query.split(' ').length <= 2;
}

/** The ten images nearest to the mean of these texts. */
async function find(texts: readonly string[]): Promise<string[]> {
  const vectors = await Promise.all(texts.map(async each => (await text.encodeText(each)).vector));
  const mean = toUnitLength(
    Float32Array.from(vectors[0] ?? [], (_, i) => vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0)),
  );
  const dot = (vector: Float32Array) => vector.reduce((sum, value, i) => sum + value * (mean[i] ?? 0), 0);
  return images
    .map(({ sha1, vector }) => ({ sha1, score: dot(vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 10)
    .map(({ sha1 }) => sha1);
}
