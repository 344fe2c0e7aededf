import type { Size } from '../canvas.ts';
import type { Random } from '../random.ts';

const landscape: readonly Size[] = [
  { width: 800, height: 600 },
  { width: 840, height: 560 },
  { width: 864, height: 540 },
  { width: 896, height: 504 },
];
/** Scenes: what stands at the sides is outside the middle square. */
const wide: readonly Size[] = [
  { width: 840, height: 560 },
  { width: 864, height: 540 },
  { width: 896, height: 504 },
];
const portrait: readonly Size[] = [
  { width: 640, height: 800 },
  { width: 640, height: 854 },
  { width: 640, height: 900 },
];
const square: Size = { width: 720, height: 720 };

/** An image's size: mostly landscape, so that a justified grid has rhythm. */
export function shapeOf(random: Random, prefer: 'any' | 'wide'): Size {
  const draw = random.next();
  if (prefer === 'wide') return random.pick(wide);
  if (draw < 0.5) return random.pick(landscape);
  return draw < 0.75 ? square : random.pick(portrait);
}
