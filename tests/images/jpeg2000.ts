import { createRequire } from 'node:module';

type Encoder = {
  getDecodedBuffer(frame: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  }): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
};
type Open = (module: object) => Promise<{ readonly J2KEncoder: new () => Encoder }>;

const open: Open = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs');
/** Each instance keeps its own in what it is given. */
const quiet = () => ({ print: () => {}, printErr: () => {} });

/** Level of a sample of the test image: its first components grow to the right and downwards, others are 128. */
export const levelAt = (x: number, y: number, c: number, width: number, height: number): number =>
  c === 0 ? Math.floor((x * 255) / width) : c === 1 ? Math.floor((y * 255) / height) : 128;

/** A lossless codestream of the test image, 8 bits a sample. */
export async function jpeg2000(width: number, height: number, components: number): Promise<Buffer> {
  const { J2KEncoder } = await open(quiet());
  const encoder = new J2KEncoder();
  const frame = { width, height, bitsPerSample: 8, componentCount: components, isSigned: false };
  const samples = encoder.getDecodedBuffer(frame);
  for (let i = 0; i < samples.length; i++) {
    const pixel = Math.floor(i / components);
    samples[i] = levelAt(pixel % width, Math.floor(pixel / width), i % components, width, height);
  }
  encoder.encode();
  const codestream = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return codestream;
}

/** The codestream in the boxes of a JP2 file (ISO/IEC 15444-1, Annex I). */
export function jp2File(codestream: Buffer, width: number, height: number, components: number): Buffer {
  const header = Buffer.alloc(14);
  header.writeUInt32BE(height, 0);
  header.writeUInt32BE(width, 4);
  header.writeUInt16BE(components, 8);
  header.set([7, 7, 0, 0], 10);
  const colour = Buffer.from([1, 0, 0, 0, 0, 0, components === 1 ? 17 : 16]);
  return Buffer.concat([
    box('jP  ', Buffer.from('\r\n\x87\n', 'latin1')),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', Buffer.concat([box('ihdr', header), box('colr', colour)])),
    box('jp2c', codestream),
  ]);
}

export function box(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}
