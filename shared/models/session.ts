import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SemblanceError } from '../errors.ts';

export type SessionOptions = {
  /** Threads inside one run; 1 in workers, which are parallel already. Undefined: the machine's cores. */
  readonly threads?: number | undefined;
};

/**
 * Opens an ONNX file for the CPU. Loading blocks the calling thread (about 0.2 s for 64 MB), and so does
 * every run: threads that must answer quickly leave pictures to workers.
 * @throws model_missing or model_corrupt when the file can't be loaded
 */
export async function openSession(file: string, { threads }: SessionOptions = {}): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      interOpNumThreads: 1,
      // Idle threads sleep: spinning doubles the CPU time of a run on two cores for no shorter one.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    const missing =
      cause instanceof Error && /doesn't exist|does not exist|No such file/i.test(cause.message);
    throw new SemblanceError(missing ? 'model_missing' : 'model_corrupt', `${file} could not be loaded`, {
      cause,
    });
  }
}

/**
 * Runs one item and gives the named output's floats.
 * @throws model_unsupported when the graph has none of the outputs or wants another input
 */
export async function runOne(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  outputs: readonly string[],
): Promise<Float32Array> {
  const output = outputs.find(name => session.outputNames.includes(name));
  const strange = session.inputNames.find(name => !(name in feeds));
  if (output === undefined || strange !== undefined) {
    throw new SemblanceError(
      'model_unsupported',
      `The graph takes ${session.inputNames.join(', ')} and gives ${session.outputNames.join(', ')}`,
    );
  }
  const wanted = Object.fromEntries(
    Object.entries(feeds).filter(([name]) => session.inputNames.includes(name)),
  );
  const { data } = (await session.run(wanted, [output]))[output] ?? {};
  if (data instanceof Float32Array) return data;
  throw new SemblanceError('model_unsupported', `The graph's ${output} is not of 32-bit floats`);
}

/** Token ids or a mask as a tensor of one row. */
export const int64Row = (values: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);

/**
 * Float32Array[n] scaled to unit length, a copy.
 * @throws model_corrupt when it has no direction (zero, infinite or NaN)
 */
export function toUnitLength(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const component of vector) sum += component * component;
  const length = Math.sqrt(sum);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new SemblanceError('model_corrupt', `The model gave a vector of length ${length}`);
  }
  return vector.map(component => component / length);
}
