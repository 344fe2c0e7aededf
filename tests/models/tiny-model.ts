import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILES } from '../../shared/models/model-folder.ts';
import type { ModelRow } from '../../shared/models/registry.ts';

/**
 * An ONNX file of one matrix product, written by hand (onnx.proto3, IR 8, opset 13): the input, cast to
 * floats and flattened to one row of `width`, times `weights` (width × dimension, row by row).
 */
export function tinyOnnx(tower: {
  readonly input: string;
  /** ONNX's TensorProto.DataType: 1 float, 7 int64. */
  readonly type: 1 | 7;
  readonly shape: readonly number[];
  readonly output: string;
  readonly dimension: number;
  readonly weights: Float32Array;
}): Buffer {
  const width = tower.shape.reduce((product, size) => product * size, 1);
  const graph = Buffer.concat([
    message(1, node('Cast', [tower.input], 'floats', message(5, text(1, 'to'), varint(3, 1), varint(20, 2)))),
    message(1, node('Flatten', ['floats'], 'row')),
    message(1, node('MatMul', ['row', 'weights'], tower.output)),
    text(2, 'tiny'),
    message(
      5,
      varint(1, width),
      varint(1, tower.dimension),
      varint(2, 1),
      text(8, 'weights'),
      message(9, Buffer.from(tower.weights.buffer)),
    ),
    message(11, valueInfo(tower.input, tower.type, [1, ...tower.shape])),
    message(12, valueInfo(tower.output, 1, [1, tower.dimension])),
  ]);
  return Buffer.concat([varint(1, 8), message(7, graph), message(8, text(1, ''), varint(2, 13))]);
}

/** A row of six small files of random content, as a hub would have them. */
export async function tinyHubModel(
  name = 'org/tiny',
): Promise<{ row: ModelRow; files: Record<string, Buffer> }> {
  const demo = join(import.meta.dirname, '../../models/demo-clip');
  const contents = new Map<string, Buffer>();
  for (const path of MODEL_FILES) {
    contents.set(path, path.endsWith('.onnx') ? randomBytes(50_000) : await readFile(join(demo, path)));
  }
  const revision = 'a'.repeat(40);
  return {
    row: {
      name,
      repository: name,
      revision,
      languages: ['en'],
      dimension: 256,
      licence: 'MIT',
      bytes: [...contents.values()].reduce((sum, { length }) => sum + length, 0),
      files: MODEL_FILES.map(path => {
        const content = contents.get(path) ?? Buffer.alloc(0);
        return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
      }),
      demo: false,
      note: '',
    },
    files: Object.fromEntries(
      [...contents].map(([path, content]) => [`${name}/resolve/${revision}/${path}`, content]),
    ),
  };
}

const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attribute: Buffer = Buffer.alloc(0),
): Buffer =>
  Buffer.concat([...inputs.map(input => text(1, input)), text(2, output), text(4, operator), attribute]);

const valueInfo = (name: string, type: number, shape: readonly number[]): Buffer =>
  Buffer.concat([
    text(1, name),
    message(2, message(1, varint(1, type), message(2, ...shape.map(size => message(1, varint(1, size)))))),
  ]);

const text = (field: number, content: string): Buffer => message(field, Buffer.from(content));

const message = (field: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([base128((field << 3) | 2), base128(content.length), content]);
};

const varint = (field: number, value: number): Buffer => Buffer.concat([base128(field << 3), base128(value)]);

function base128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
