import type { Random } from './random.ts';

/** Two ends of a light gradient, and a deeper tone of them for ornament and letters. */
export type Palette = { readonly from: string; readonly to: string; readonly deep: string };

export const palettes: readonly Palette[] = [
  { from: '#fff1d6', to: '#ffd3b0', deep: '#f08a4b' },
  { from: '#ffe7e0', to: '#ffc2c7', deep: '#e0607e' },
  { from: '#fde2f3', to: '#e7c6ff', deep: '#a463c9' },
  { from: '#ece4ff', to: '#c8d3ff', deep: '#6674d9' },
  { from: '#e0f0ff', to: '#b3dcff', deep: '#3a86d6' },
  { from: '#d9f7f5', to: '#a9e4ea', deep: '#2a9fae' },
  { from: '#e3fbe6', to: '#b2ebcb', deep: '#37a773' },
  { from: '#f4fbd2', to: '#d2ecaa', deep: '#84ab36' },
  { from: '#fff8cf', to: '#ffe391', deep: '#d9a514' },
  { from: '#f6efe6', to: '#e4d2bf', deep: '#a27c57' },
  { from: '#eef2f7', to: '#cfdbe9', deep: '#6e88a8' },
  { from: '#ffe9ef', to: '#ffd9a8', deep: '#ee7f62' },
  { from: '#e4f4ff', to: '#fbd9ee', deep: '#c06bb0' },
  { from: '#dff8ef', to: '#d4dcff', deep: '#5c86c7' },
  { from: '#fff3c9', to: '#c9f0d6', deep: '#5fae6e' },
  { from: '#ffe0d2', to: '#d7d4ff', deep: '#8a74d0' },
];

/** One of the palettes that stand off best against a colour, so that a lemon never lies on yellow. */
export function paletteAgainst(colour: readonly [number, number, number], random: Random): Palette {
  const far = [...palettes].sort((a, b) => distance(b, colour) - distance(a, colour));
  return random.pick(far.slice(0, 9));
}

function distance({ from, to }: Palette, colour: readonly [number, number, number]): number {
  return Math.min(hueDistance(rgb(from), colour), hueDistance(rgb(to), colour));
}

/** Distance of the chroma alone: the grounds are all light, lightness would drown the hue. */
function hueDistance(a: readonly [number, number, number], b: readonly [number, number, number]): number {
  const [a1, a2] = opponent(a);
  const [b1, b2] = opponent(b);
  return Math.hypot(a1 * 2 - b1, a2 * 2 - b2);
}

function opponent([r, g, b]: readonly [number, number, number]): readonly [number, number] {
  return [r - g, (r + g) / 2 - b];
}

function rgb(hex: string): readonly [number, number, number] {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
