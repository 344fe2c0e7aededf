import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import type { Explanation, Image, WordLine } from '../api/types.ts';

/** The lines of words in an image, with where they are; those that could not be read have no text. */
export function useWordLines(image: Image | null): readonly WordLine[] {
  const id = image?.id ?? '';
  const lines = useQuery({
    queryKey: ['image-words', id],
    queryFn: ({ signal }) => api.words(id, signal),
    enabled: image !== null && (image.ocr_text !== null || image.ocr_error !== null),
    staleTime: 60_000,
  });
  return lines.data ?? [];
}

type WordsLayerProps = {
  readonly image: Image;
  readonly lines: readonly WordLine[];
  /** Lines that the search found. */
  readonly found: Explanation['words'];
  /** Whether all lines are marked, also those that could not be read. */
  readonly marked: boolean;
};

/** The words of an image over it: unseen text that can be selected and copied, and marks. */
export function WordsLayer({ image, lines, found, marked }: WordsLayerProps) {
  if (lines.length === 0 && found.length === 0) return null;
  return (
    <svg className="stage-words" viewBox={`0 0 ${image.width} ${image.height}`} aria-hidden="true">
      {marked &&
        lines.map(line => (
          <polygon
            key={keyOf(line)}
            className={line.text === '' ? 'line-unread' : 'line-read'}
            points={pointsOf(line.box)}
          />
        ))}
      {found.map(line => (
        <polygon key={keyOf(line)} className="line-found" points={pointsOf(line.box)} />
      ))}
      {lines.map(line => line.text !== '' && <LineText key={keyOf(line)} line={line} />)}
    </svg>
  );
}

type Box = WordLine['box'];
const keyOf = ({ text, box }: { text: string; box: Box }): string => `${text} ${box}`;
const pointsOf = (box: Box): string => box.map(point => point.join()).join(' ');

/** How much of the height of its box a line's letters take. */
const LETTER_HEIGHT = 0.78;

/** A line as text exactly where it is on the image, turned and stretched like it; a tall box is read downwards. */
function LineText({ line }: { readonly line: WordLine }) {
  const [topLeft = [0, 0], topRight = [0, 0], , bottomLeft = [0, 0]] = line.box;
  const across = Math.hypot(topRight[0] - topLeft[0], topRight[1] - topLeft[1]);
  const down = Math.hypot(bottomLeft[0] - topLeft[0], bottomLeft[1] - topLeft[1]);
  const angle = (Math.atan2(topRight[1] - topLeft[1], topRight[0] - topLeft[0]) * 180) / Math.PI;
  const isTall = down > 1.5 * across && line.text.length > 1;
  const [start, length, height] = isTall ? [topRight, down, across] : [topLeft, across, down];
  return (
    <text
      y={height * LETTER_HEIGHT}
      fontSize={height * LETTER_HEIGHT}
      textLength={length}
      lengthAdjust="spacingAndGlyphs"
      transform={`translate(${start[0]} ${start[1]}) rotate(${isTall ? angle + 90 : angle})`}
    >
      {line.text}
    </text>
  );
}
