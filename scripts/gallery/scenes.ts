import { background, circle, ellipse, glow, linear, path, rect, type Size } from './canvas.ts';
import { silhouette } from './emoji.ts';
import type { Random } from './random.ts';

/**
 * A place to stand in, with its scenery at the sides and the middle square light and calm: that is where the
 * thing stands, and all that a model with a centre crop sees.
 */
export type Scene = (size: Size, random: Random) => string;

const meadow: Scene = (size, random) =>
  background(size, linear(90, '#d3ecff', '#e6f7ea', '#d0efc6')) +
  sun(size, random) +
  clouds(size, random, 0.16) +
  valley(size, 0.42, ['#c9edc6', '#aee0a8']) +
  hill(size, 0.88, 0, '#c2eab6') +
  haze(size, 0.6) +
  sprinkle(size, random, 0.91, ['#ffffff', '#fff3a8', '#ffc9dc']);

const garden: Scene = (size, random) =>
  background(size, linear(90, '#f4fce8', '#dcf4cd')) +
  sides(size, random, ['herb', 'seedling', 'leafy-green'], '#7cc47f', 0.55) +
  hill(size, 0.9, 0, '#cdeebc') +
  haze(size, 0.6) +
  sprinkle(size, random, 0.92, ['#ffffff', '#ffd2e2', '#fff1a6']);

const jungle: Scene = (size, random) =>
  background(size, linear(90, '#effae2', '#cdeeca')) +
  sides(size, random, ['palm-tree', 'herb', 'leaf-fluttering-in-wind'], '#4fa678', 0.5) +
  hill(size, 0.9, 0, '#bfe7bd') +
  haze(size, 0.6);

const savanna: Scene = (size, random) =>
  background(size, linear(90, '#ffe3b8', '#fff2d6', '#f8e3b2')) +
  sun(size, random) +
  valley(size, 0.55, ['#f8e4b2', '#f0d596']) +
  hill(size, 0.88, 0, '#f4dba4');

const desert: Scene = (size, random) =>
  background(size, linear(90, '#ffd9c2', '#fff1df', '#fbe0b8')) +
  sun(size, random) +
  valley(size, 0.5, ['#fbdfb5', '#f5ce95']) +
  hill(size, 0.88, 0, '#f8d7a6');

const snow: Scene = (size, random) =>
  background(size, linear(90, '#bfe0fb', '#eef7ff')) +
  hill(size, 0.6, 0.3, '#f7fbff') +
  hill(size, 0.76, -0.25, '#ffffff') +
  haze(size, 0.6) +
  flakes(size, random);

const sky: Scene = (size, random) =>
  background(size, linear(90, '#a9d9ff', '#eaf7ff')) +
  clouds(size, random, 0.16) +
  clouds(size, random, 0.82) +
  haze(size, 0.5);

const dusk: Scene = (size, random) =>
  background(size, linear(90, '#c3b4f4', '#ffd0d3', '#ffe9cb')) +
  clouds(size, random, 0.84) +
  haze(size, 0.35);

const night: Scene = (size, random) =>
  background(size, linear(90, '#7f86d9', '#b9b2ee', '#e6d3f5')) +
  stars(size, random) +
  valley(size, 0.6, ['#8a8bd0', '#7476bf']) +
  haze(size, 0.6);

const space: Scene = (size, random) =>
  background(size, linear(50, '#4a44a0', '#8a70cf')) + stars(size, random) + haze(size, 0.3);

const sea: Scene = (size, random) =>
  background(size, linear(90, '#cfecff', '#ecf9ff', '#bde6f5')) +
  sun(size, random) +
  clouds(size, random, 0.15) +
  haze(size, 0.6) +
  waves(size, 0.86, '#bbe5f5') +
  waves(size, 0.91, '#abddf2') +
  waves(size, 0.96, '#98d3ee');

const deep: Scene = (size, random) =>
  background(size, linear(90, '#d3f3fa', '#a5daef')) +
  sides(size, random, ['coral', 'herb'], '#3f9dbd', 0.35) +
  bubbles(size, random) +
  hill(size, 0.94, 0, '#cfe6e0') +
  haze(size, 0.65);

const beach: Scene = (size, random) =>
  background(size, linear(90, '#c9ecff', '#f1fbff', '#f3ecd2')) +
  sun(size, random) +
  haze(size, 0.55) +
  valley(size, 0.72, ['#a9e0ee', '#f7dca6']) +
  hill(size, 0.88, 0, '#f9e6c2');

const road: Scene = (size, random) => {
  const { width, height } = size;
  const houses = [0, 1, 12, 13].map(i => {
    const [w, h] = [width / 14, height * random.between(0.2, 0.45)];
    return rect(i * w + 3, height * 0.86 - h, w - 6, h, { fill: '#bdd0ea', rx: 5 });
  });
  const dashes = Array.from({ length: 7 }, (_, i) =>
    rect((i * width) / 6 - 30, height * 0.92, 66, 8, { fill: '#fff', rx: 4, opacity: 0.9 }),
  );
  return (
    background(size, linear(90, '#d6ebff', '#f4f4f6', '#dde3ec')) +
    clouds(size, random, 0.14) +
    `<g opacity=".55">${houses.join('')}</g>` +
    rect(0, height * 0.86, width, height * 0.14, { fill: '#d9dfe9' }) +
    dashes.join('') +
    haze(size, 0.6)
  );
};

const court: Scene = size => {
  const { width, height } = size;
  const line = { fill: 'none', stroke: '#fff', 'stroke-width': 6, opacity: 0.8 };
  return (
    background(size, linear(90, '#ffe0c7', '#ffd0b3')) +
    circle(-width * 0.02, height / 2, height * 0.3, line) +
    circle(width * 1.02, height / 2, height * 0.3, line) +
    path(`M${width * 0.1} 0V${height}M${width * 0.9} 0V${height}`, { ...line, opacity: 0.4 }) +
    haze(size, 0.7)
  );
};

const pitch: Scene = size => {
  const { width, height } = size;
  const stripes = Array.from({ length: 8 }, (_, i) =>
    rect((i * width) / 8, 0, width / 16, height, { fill: '#fff', opacity: 0.1 }),
  );
  const line = { fill: 'none', stroke: '#fff', 'stroke-width': 6, opacity: 0.8 };
  return (
    background(size, linear(90, '#cff2c6', '#b5e6af')) +
    stripes.join('') +
    path(`M${width * 0.03} ${height}V${height * 0.05}H${width * 0.97}V${height}`, line) +
    haze(size, 0.5)
  );
};

const stage: Scene = size => {
  const { width, height } = size;
  const beam = (x: number) =>
    path(`M${x} 0L${width * 0.92} ${height}H${width * 0.08}Z`, { fill: '#fff', opacity: 0.22 });
  return (
    background(size, linear(90, '#e2d3ff', '#ffd6ea')) +
    beam(width * 0.15) +
    beam(width * 0.85) +
    ellipse(width / 2, height * 0.92, width * 0.42, height * 0.07, { fill: '#fff', opacity: 0.6 })
  );
};

export const scenes = {
  meadow,
  garden,
  jungle,
  savanna,
  desert,
  snow,
  sky,
  dusk,
  night,
  space,
  sea,
  deep,
  beach,
  road,
  court,
  pitch,
  stage,
} as const;

export type SceneName = keyof typeof scenes;

/** A hill whose crest is at `top` of the height; `lean` moves its summit off the middle. */
function hill({ width, height }: Size, top: number, lean: number, fill: string): string {
  return ellipse(width * (0.5 + lean), height * (top + 0.5), width * 0.95, height * 0.5, { fill });
}

/** Slopes that rise at both sides and leave the middle free; `top` of the height at the edges. */
function valley({ width, height }: Size, top: number, [far, near]: readonly [string, string]): string {
  return (
    ellipse(width * 1.02, height * 1.05, width * 0.34, height * (1.05 - top), { fill: far }) +
    ellipse(-width * 0.02, height * 1.1, width * 0.36, height * (1 - top), { fill: near })
  );
}

/** Light behind the thing in the middle. */
function haze(size: Size, strength: number): string {
  return glow(size, size.width / 2, size.height / 2, Math.min(size.width, size.height) * 0.9, strength);
}

function sun({ width, height }: Size, random: Random): string {
  const left = random.next() < 0.5;
  const r = Math.min(width, height) * 0.07;
  const [x, y] = [left ? r * 1.7 : width - r * 1.7, r * 1.7];
  return (
    circle(x, y, r * 1.6, { fill: '#fff4b8', opacity: 0.5 }) +
    circle(x, y, r, { fill: '#ffe27a', opacity: 0.95 })
  );
}

function clouds({ width, height }: Size, random: Random, at: number): string {
  return [0.1, 0.9]
    .map(x => {
      const u = Math.min(width, height) * random.between(0.05, 0.08);
      const cx = width * x + random.between(-30, 30);
      const cy = height * at + random.between(-20, 20);
      return (
        circle(cx - u, cy, u * 0.8, { fill: '#fff' }) +
        circle(cx, cy - u * 0.5, u, { fill: '#fff' }) +
        circle(cx + u, cy, u * 0.75, { fill: '#fff' }) +
        rect(cx - u * 1.8, cy, u * 3.5, u * 0.8, { fill: '#fff', rx: u * 0.4 })
      );
    })
    .map(cloud => `<g opacity=".8">${cloud}</g>`)
    .join('');
}

function waves({ width, height }: Size, top: number, fill: string): string {
  const step = width / 8;
  const y = height * top;
  const crests = Array.from({ length: 8 }, () => `q${step / 2} ${-height * 0.03} ${step} 0`).join('');
  return path(`M0 ${y}${crests}V${height}H0Z`, { fill });
}

/** Little dots of colour below a height, as flowers. */
function sprinkle({ width, height }: Size, random: Random, top: number, colours: readonly string[]): string {
  return Array.from({ length: 26 }, () =>
    circle(random.between(0, width), height * random.between(top, 0.99), random.between(3, 6), {
      fill: random.pick(colours),
    }),
  ).join('');
}

function stars({ width, height }: Size, random: Random): string {
  return Array.from({ length: 90 }, () =>
    circle(random.between(0, width), random.between(0, height), random.between(0.8, 2.8), {
      fill: '#fff',
      opacity: random.between(0.3, 0.9),
    }),
  ).join('');
}

function flakes({ width, height }: Size, random: Random): string {
  return Array.from({ length: 70 }, () =>
    circle(random.between(0, width), random.between(0, height), random.between(2, 5), {
      fill: '#fff',
      opacity: 0.85,
    }),
  ).join('');
}

function bubbles(size: Size, random: Random): string {
  return Array.from({ length: 22 }, () => {
    const x = random.next() < 0.5 ? random.between(0, 0.2) : random.between(0.8, 1);
    return circle(size.width * x, size.height * random.next(), random.between(4, 15), {
      fill: '#fff',
      opacity: random.between(0.25, 0.55),
    });
  }).join('');
}

/** Tone-on-tone plants that grow in from both sides. */
function sides(
  { width, height }: Size,
  random: Random,
  plants: readonly string[],
  colour: string,
  opacity: number,
): string {
  const edge = Math.min(width, height);
  const shapes = [
    { x: width * 0.03, y: height * 0.74, turn: 12 },
    { x: width * 0.97, y: height * 0.72, turn: -14 },
    { x: width * 0.0, y: height * 0.3, turn: 40 },
    { x: width * 1.0, y: height * 0.26, turn: -42 },
  ].map(place => silhouette(random.pick(plants), colour, { ...place, size: edge * 0.34 }));
  return `<g opacity="${opacity}">${shapes.join('')}</g>`;
}
