import * as ort from 'onnxruntime-node';
import { decodeCtc, joinTranscripts, type Transcript } from './ctc.ts';
import { LINE_HEIGHT, type LineInput } from './line-crop.ts';
import { sliceLine } from './line-slices.ts';
import type { OcrModels } from './ocr-models.ts';
import { raiseSpaces } from './word-spaces.ts';

/** Reads one line of any length. */
export async function recognizeLine(models: OcrModels, line: LineInput): Promise<Transcript> {
  const slices = [];
  for (const { input, newWord } of sliceLine(line))
    slices.push({ read: await recognize(models, input), newWord });
  return joinTranscripts(slices);
}

async function recognize(
  { recognition, classes }: OcrModels,
  { planes, width }: LineInput,
): Promise<Transcript> {
  const x = new ort.Tensor('float32', planes, [1, 3, LINE_HEIGHT, width]);
  const outputs = await recognition.run({ x });
  const probabilities = outputs[recognition.outputNames[0] ?? '']?.data;
  if (!(probabilities instanceof Float32Array)) throw new TypeError('The recogniser gives no 32-bit floats');
  raiseSpaces(probabilities, classes.length);
  return decodeCtc(probabilities, classes);
}
