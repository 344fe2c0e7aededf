import { attributes, turned } from './canvas.ts';

export type Setting = {
  /** Where the line's middle (or start, or end) stands on its baseline, px. */
  readonly x: number;
  readonly y: number;
  /** px. */
  readonly size: number;
  readonly family: string;
  readonly fill: string;
  readonly weight?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Between letters, px. */
  readonly spacing?: number;
  readonly turn?: number;
};

/** One line of letters. */
export function line(text: string, setting: Setting): string {
  const { x, y, size, family, fill, weight = 700, anchor = 'middle', spacing, turn = 0 } = setting;
  const style = attributes({
    x,
    y,
    fill,
    'font-size': size,
    'font-family': family,
    'font-weight': weight,
    'text-anchor': anchor,
    'letter-spacing': spacing,
  });
  return turned(`<text${style}>${escaped(text)}</text>`, turn, x, y);
}

/** Characters from top to bottom, `y` being the first one's baseline. */
export function column(text: string, setting: Omit<Setting, 'anchor' | 'turn'>): string {
  const step = setting.size * 1.12 + (setting.spacing ?? 0);
  const { spacing: _, ...rest } = setting;
  return [...text].map((char, i) => line(char, { ...rest, y: setting.y + i * step })).join('');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
