import { background, circle, glow, linear, path, rect, type Size } from './canvas.ts';
import { silhouette } from './emoji.ts';
import type { Palette } from './palette.ts';
import type { Random } from './random.ts';

/** What a plain ground is made with. Ornament is fine or faint in the middle, where the thing will stand. */
export type GroundInput = {
  readonly size: Size;
  readonly palette: Palette;
  readonly random: Random;
  /** The emoji whose shape some grounds echo. */
  readonly motif: string;
};

type Ground = (input: GroundInput) => string;

const base = ({ size, palette, random }: GroundInput) =>
  background(size, linear(random.pick([35, 60, 90, 120, 145]), palette.from, palette.to));

const glowing: Ground = input => {
  const { width, height } = input.size;
  return base(input) + glow(input.size, width / 2, height * 0.42, Math.max(width, height) * 0.6, 0.75);
};

const split: Ground = input => {
  const { width, height } = input.size;
  const shift = width * input.random.between(0.2, 0.45);
  const band = `M${width - shift} 0H${width}V${height}H${shift * 0.4}Z`;
  return base(input) + path(band, { fill: '#fff', opacity: 0.26 });
};

const dotted: Ground = input => {
  const { width, height } = input.size;
  const step = 26;
  let dots = '';
  for (let row = 0; row * step < height + step; row++)
    for (let x = row % 2 ? step / 2 : 0; x < width + step; x += step)
      dots += circle(x, row * step, 2.6, { fill: '#fff' });
  return `${base(input)}<g opacity=".6">${dots}</g>`;
};

const hatched: Ground = input => {
  const { width, height } = input.size;
  let lines = '';
  for (let x = -height; x < width; x += 18) lines += `M${x} ${height}L${x + height} 0`;
  const stroke = path(lines, { stroke: '#fff', 'stroke-width': 2.5, opacity: 0.38 });
  return base(input) + stroke;
};

const table: Ground = input => {
  const { width, height } = input.size;
  const edge = height * 0.84;
  const wall = base(input) + glow(input.size, width * 0.3, height * 0.2, width * 0.7, 0.6);
  const top = rect(0, edge, width, height - edge, { fill: input.palette.deep, opacity: 0.17 });
  return `${wall}${top}${rect(0, edge, width, 5, { fill: '#fff', opacity: 0.5 })}`;
};

const arcs: Ground = input => {
  const { width, height } = input.size;
  const [cx, cy] = input.random.pick([
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ] as const);
  const rings = [0.34, 0.5, 0.66].map(r =>
    circle(cx, cy, Math.hypot(width, height) * r, { fill: '#fff', opacity: 0.14 }),
  );
  return base(input) + rings.join('');
};

const echoes: Ground = input => {
  const { width, height } = input.size;
  const edge = Math.min(width, height);
  const wide = width >= height;
  const spare = Math.abs(width - height) / 2;
  const size = edge * 0.34;
  const along = spare > 40 ? spare * 0.34 : -size * 0.1;
  const spots = wide
    ? [
        [along, height * 0.22],
        [along * 1.3, height * 0.78],
        [width - along * 1.3, height * 0.24],
        [width - along, height * 0.8],
      ]
    : [
        [width * 0.22, along],
        [width * 0.76, along * 1.2],
        [width * 0.26, height - along * 1.2],
        [width * 0.8, height - along],
      ];
  const shapes = spots.map(([x, y], i) =>
    silhouette(input.motif, '#fff', { x: x!, y: y!, size, turn: i % 2 ? 18 : -16 }),
  );
  return `${base(input)}<g opacity=".42">${shapes.join('')}</g>`;
};

const confetti: Ground = input => {
  const { width, height } = input.size;
  const edge = Math.min(width, height);
  let pieces = '';
  for (let i = 0; i < 260; i++) {
    const x = input.random.between(0, width);
    const y = input.random.between(0, height);
    if (Math.abs(x - width / 2) < edge / 2 && Math.abs(y - height / 2) < edge / 2) continue;

    const fill = input.random.pick(['#fff', '#fff', input.palette.deep]);
    const opacity = fill === '#fff' ? 0.75 : 0.3;
    pieces += circle(x, y, input.random.between(3, 9), { fill, opacity });
  }
  return base(input) + pieces;
};

/** With light in the middle, on which anything stands off well. */
const lit =
  (ground: Ground): Ground =>
  input => {
    const { width, height } = input.size;
    return ground(input) + glow(input.size, width / 2, height / 2, Math.min(width, height) * 0.62, 0.7);
  };

/** Plain grounds by name; which one an image gets is drawn from its seed. */
export const plainGrounds = {
  glowing,
  split: lit(split),
  dotted: lit(dotted),
  hatched: lit(hatched),
  table: lit(table),
  arcs: lit(arcs),
  echoes: lit(echoes),
  confetti: lit(confetti),
} as const;
