/**
 * `npm run bench:reference -- [--python PROGRAM] [--images COUNT]`: images a second, and CPU time an image, of
 * NekoImageGallery's pipeline (index_images.py) and of ours, in turns on this machine: JPEGs of 12 megapixels, the same
 * shape of model, thumbnails included, no words. Needs a Python with torch, transformers and Pillow; installs nothing.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { syntheticPhoto } from '../../tests/images/synthetic-photo.ts';
import { indexImages } from '../index-images.ts';
import { shapeModel } from '../models/shape-model.ts';

const ROUNDS = 3;

/** s an image. */
const costSchema = z.object({ clock: z.number(), cpu: z.number() });
type Cost = z.infer<typeof costSchema>;

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    images: { type: 'string', default: '40' },
  },
});
const images = Number(values.images);

async function theirs(file: string): Promise<Cost> {
  const script = fileURLToPath(new URL('./index_images.py', import.meta.url));
  const { stdout } = await promisify(execFile)(values.python, [script, file, String(images)]).catch(
    (cause: unknown) => {
      throw new Error(
        `${values.python} could not run it: name a Python that has torch, transformers and pillow by --python`,
        { cause },
      );
    },
  );
  return costSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

async function ours(file: string): Promise<Cost> {
  const { rate, cpuSeconds } = await indexImages(file, await shapeModel(), images);
  return { clock: 1 / rate, cpu: cpuSeconds };
}

const bestOf = (costs: readonly Cost[]): Cost => ({
  clock: Math.min(...costs.map(({ clock }) => clock)),
  cpu: Math.min(...costs.map(({ cpu }) => cpu)),
});

function show(name: string, { clock, cpu }: Cost): void {
  console.log(
    `${name.padEnd(20)}${(1 / clock).toFixed(1).padStart(8)} images/s${(1000 * cpu).toFixed(0).padStart(8)} ms of CPU an image`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
try {
  const file = join(folder, 'photo.jpeg');
  await writeFile(file, await (await syntheticPhoto(4000, 3000)).jpeg({ quality: 88 }).toBuffer());
  const [reference, semblance]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    reference.push(await theirs(file));
    semblance.push(await ours(file));
    process.stderr.write(`\rround ${round + 1} of ${ROUNDS}`);
  }
  process.stderr.write('\n');
  const [one, other] = [bestOf(reference), bestOf(semblance)];
  show('NekoImageGallery', one);
  show('Semblance', other);
  console.log(
    `${(one.clock / other.clock).toFixed(1)} times as many images/s, ${(one.cpu / other.cpu).toFixed(1)} times less CPU time; ` +
      `best of ${ROUNDS} rounds, ${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
