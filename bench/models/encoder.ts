/** `node bench/models/encoder.ts`: what opening and running the towers of CLIP ViT-B/32's size costs. */
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { shapeModel } from './shape-model.ts';

const ROUNDS = 20;

const model = await openModel(await shapeModel());
const { edge } = model.info.input;
const pixels = Uint8Array.from({ length: 3 * edge * edge }, (_, i) => (i * 31) % 256);

for (const threads of [1, 2]) {
  const text = await timed(() => model.openText({ threads }));
  await row(`text, ${threads} thread(s)`, text.ms, () => text.value.encodeText('a photo of a cat on a sofa'));
  await text.value.close();
  const image = await timed(() => model.openImage({ threads }));
  await row(`image, ${threads} thread(s)`, image.ms, () => image.value.encodePixels(pixels));
  await image.value.close();
}

async function row(name: string, openMs: number, run: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  await run();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) times.push((await timed(run)).ms);
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${name.padEnd(22)} open ${openMs.toFixed(0).padStart(4)} ms   best ${Math.min(...times)
      .toFixed(1)
      .padStart(5)} ms` +
      `   CPU a run ${((user + system) / 1000 / ROUNDS).toFixed(1).padStart(5)} ms` +
      `   RSS ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
  );
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}
