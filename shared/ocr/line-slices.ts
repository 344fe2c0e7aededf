import { LINE_HEIGHT, type LineInput } from './line-crop.ts';

/** Longest line that is recognised in one go, px: what a run takes grows with the square of it. */
const LONGEST = 2_048;
/** Around a border, where the quietest place for a cut is looked for, px. */
const LEEWAY = 2 * LINE_HEIGHT;
/** Quiet places at least this wide part words, px. */
const WORD_GAP = 8;

export type LineSlice = {
  readonly input: LineInput;
  /** Whether it begins with a new word. */
  readonly newWord: boolean;
};

/** Cuts a long line into slices between letters, so that none is cut or comes twice. */
export function sliceLine(line: LineInput): LineSlice[] {
  const count = Math.ceil(line.width / (LONGEST - LEEWAY));
  if (count <= 1 || line.width <= LONGEST) return [{ input: line, newWord: true }];
  const contrast = columnContrast(line);
  const slices: LineSlice[] = [];
  let start = 0;
  let newWord = true;
  for (let i = 1; i <= count; i++) {
    const border = Math.round((i * line.width) / count);
    const gap = i === count ? { middle: line.width, width: 0 } : quietest(contrast, border);
    slices.push({ input: columns(line, start, gap.middle), newWord });
    start = gap.middle;
    newWord = gap.width >= WORD_GAP;
  }
  return slices;
}

/** The range of levels in each column, over all channels. */
function columnContrast({ planes, width }: LineInput): Float32Array {
  const least = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const most = new Float32Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < planes.length; i++) {
    const column = i % width;
    least[column] = Math.min(least[column]!, planes[i]!);
    most[column] = Math.max(most[column]!, planes[i]!);
  }
  return most.map((level, column) => level - least[column]!);
}

/** The widest run of columns near the border that are about as quiet as the quietest of them. */
function quietest(
  contrast: Float32Array,
  border: number,
): { readonly middle: number; readonly width: number } {
  const near = contrast.subarray(border - LEEWAY, border + LEEWAY);
  const [least, most] = [Math.min(...near), Math.max(...near)];
  const limit = least + 0.1 * (most - least);
  let best = { middle: border, width: 0 };
  let run = 0;
  for (let i = 0; i <= near.length; i++) {
    if (i < near.length && near[i]! <= limit) run++;
    else {
      if (run > best.width) best = { middle: border - LEEWAY + i - Math.ceil(run / 2), width: run };
      run = 0;
    }
  }
  return best;
}

function columns({ planes, width }: LineInput, start: number, end: number): LineInput {
  const rows = planes.length / width;
  const cut = new Float32Array(rows * (end - start));
  for (let row = 0; row < rows; row++) {
    cut.set(planes.subarray(row * width + start, row * width + end), row * (end - start));
  }
  return { planes: cut, width: end - start };
}
