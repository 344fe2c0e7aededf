import { endOfJpeg, JPEG_START, readJpegHeader } from './jpeg-markers.ts';
import { readTiff, type Tiff } from './tiff.ts';

/**
 * Camera raw isn't developed here: what is shown is the JPEG that cameras put into their files. All that is known of the
 * many formats is how their files begin (https://exiftool.org/#supported and the DNG specification 1.7).
 */
const [DNG_VERSION, MAKE, SUB_IFDS, NEW_SUBFILE_TYPE, COMPRESSION, PHOTOMETRIC, ORIENTATION] = [
  0xc612, 0x10f, 0x14a, 0xfe, 0x103, 0x106, 0x112,
];
/** Sensor data before it is made into colours: a colour filter array, or DNG's linear raw. */
const SENSOR_DATA = new Set([32803, 34892]);
/** Sony, Nikon, Pentax, Samsung, Kodak. */
const RAW_COMPRESSIONS = new Set([32767, 34713, 65535, 32769, 32770, 65000]);

/** Canon CR2; Olympus ORF; Panasonic RW2; Fujifilm RAF; Minolta MRW; Sigma X3F; Canon CR3 and CRW; Phase One IIQ. */
const SIGNATURES = [
  /^(?:II\*\0|MM\0\*)....CR/s,
  /^(?:IIRO|IIRS|MMOR)/,
  /^IIU\0/,
  /^FUJIFILMCCD-RAW/,
  /^\0MRM/,
  /^FOVb/,
  /^....ftypcrx /s,
  /^II.{4}HEAPCCDR/s,
  /^(?:II\*\0|MM\0\*)....IIII/s,
];

/** @param head the file's beginning, as much of it as there is */
export function isCameraRaw(head: Uint8Array): boolean {
  const text = latin1(head.subarray(0, 64));
  if (SIGNATURES.some(signature => signature.test(text))) return true;
  const first = readTiff(head)?.directories[0];
  if (!first) return false;
  const is = (tag: number, values: ReadonlySet<number>) => values.has(first.number(tag) ?? -1);
  return (
    first.has(DNG_VERSION) ||
    is(PHOTOMETRIC, SENSOR_DATA) ||
    is(COMPRESSION, RAW_COMPRESSIONS) ||
    (first.has(MAKE) && first.has(SUB_IFDS) && first.number(NEW_SUBFILE_TYPE) === 1)
  );
}

export type EmbeddedPreview = {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** EXIF's, of the raw file; the preview's own counts first. */
  readonly orientation: number;
};

/** JPEGs in a file of 100 MB that are looked at. */
const MOST_CANDIDATES = 200;

/** The embedded JPEGs of a raw file, the largest first; [] where it has none. */
export function embeddedPreviews(bytes: Uint8Array): EmbeddedPreview[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const orientation = tiffParts(bytes)[0]?.directories[0]?.number(ORIENTATION) ?? 1;
  const found: EmbeddedPreview[] = [];
  let at = file.indexOf(JPEG_START);
  for (let i = 0; at >= 0 && i < MOST_CANDIDATES; i++) {
    const header = readJpegHeader(file, at);
    if (header && header.unsupported === null && header.width * header.height > 0) {
      const { width, height, scan } = header;
      found.push({ width, height, orientation, jpeg: file.subarray(at, endOfJpeg(file, scan)) });
    }
    at = file.indexOf(JPEG_START, at + 3);
  }
  return found.sort((a, b) => b.width * b.height - a.width * a.height);
}

const [STRIPS, STRIP_BYTES, JPEG_AT, JPEG_BYTES] = [0x111, 0x117, 0x201, 0x202];

/** Whether the directories at a raw file's beginning point to what lies behind its end. */
export function endsEarly(bytes: Uint8Array): boolean {
  return (readTiff(bytes)?.directories ?? []).some(directory => {
    // A list lies elsewhere in the file; its number is undefined where that is behind the end.
    const end = (tag: number, size?: number) =>
      directory.has(tag) ? (directory.number(tag) ?? Number.POSITIVE_INFINITY) + (size ?? 0) : 0;
    return (
      end(SUB_IFDS) > bytes.length ||
      end(STRIPS, directory.number(STRIP_BYTES)) > bytes.length ||
      end(JPEG_AT, directory.number(JPEG_BYTES)) > bytes.length
    );
  });
}

/** Where the directories of a raw file lie: at its beginning, or in the boxes of a CR3. */
export function tiffParts(bytes: Uint8Array): Tiff[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = [
    0,
    ...['CMT1', 'CMT2'].map(name => file.indexOf(name, 0, 'latin1') + 4).filter(at => at > 3),
  ];
  return starts.flatMap(at => readTiff(bytes.subarray(at)) ?? []);
}

const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
