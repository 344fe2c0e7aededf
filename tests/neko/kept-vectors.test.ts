import { describe, expect, it } from 'vitest';
import { VISION } from '../../shared/catalog/collection.ts';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { assertSameModel, keepVectors } from '../../shared/neko/kept-vectors.ts';
import { unit } from '../../shared/vectors/unit.ts';
import { unitVector } from '../indexing/domain.ts';
import { codeOf } from '../indexing/harness.ts';
import { DIMENSION, png, prepareImport } from './import-harness.ts';

const both = prepareImport();
const { runImport } = both;

describe('the old vectors', () => {
  const model = { name: 'fake', dimension: DIMENSION };
  const sameVector = (text: string) => unitVector(sha1Hex(png(text)));

  it('are kept where a sample of them is what the model here makes', async () => {
    // The second is a little off, as fp32 is from q8, so that it is seen which vector was taken
    const off = sameVector('b').map((component, i) => component + (i === 0 ? 0.05 : 0));
    await both.old.add(png('a'), {}, { vector: sameVector('a') });
    const b = await both.old.add(png('b'), {}, { vector: off });
    const source = await both.old.source();
    await assertSameModel(source, both.here.reader, model);
    const kept = keepVectors(takingVectors(both.here.reader), source.gallery);
    await runImport({ onStored: kept.remember });
    await createReconcile({ ...both.here, reader: kept.reader })(`uploads/${b}.png`);
    const [point] = await both.here.index.retrieve([b], { vectors: [VISION] });
    const taken = point?.vectors[VISION] ?? new Float32Array();
    expect(Math.max(...unit(off).map((component, i) => Math.abs(component - (taken[i] ?? 0))))).toBeLessThan(
      1e-6,
    );
  });

  it('are kept after an interruption too, and other images are embedded here', async () => {
    const a = await both.old.add(png('a'), {}, { vector: sameVector('b') });
    await runImport();
    const { gallery } = await both.old.source();
    const kept = keepVectors(takingVectors(both.here.reader), gallery);
    await runImport({ onStored: kept.remember });
    const options = { ocr: false };
    expect((await kept.reader.describe(png('a'), options)).embedding).toEqual(await gallery.vectorOf(a));
    expect((await kept.reader.describe(png('mine'), options)).embedding).toEqual(sameVector('mine'));
  });

  it('of another model are rejected, whatever their length', async () => {
    await both.old.add(png('a'), {}, { vector: sameVector('b') });
    const source = await both.old.source();
    expect(await codeOf(assertSameModel(source, both.here.reader, model))).toBe('invalid_arguments');
    expect(await codeOf(assertSameModel(source, both.here.reader, { ...model, dimension: 4 }))).toBe(
      'invalid_arguments',
    );
  });

  it('that can not be compared are rejected', async () => {
    await both.old.add(png('a'), {}, { vector: sameVector('a'), file: null });
    expect(await codeOf(assertSameModel(await both.old.source(), both.here.reader, model))).toBe(
      'invalid_arguments',
    );
  });
});

/** As the product's readers: a known vector is taken, and the model not run. */
const takingVectors = (reader: ImageReader): ImageReader => ({
  ...reader,
  async describe(bytes, options) {
    const description = await reader.describe(bytes, options);
    return { ...description, embedding: options.embedding ?? description.embedding };
  },
});
