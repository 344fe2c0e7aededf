import { background, ellipse, faded, glow, linear, rect, type Size } from './canvas.ts';
import type { Group } from './catalogue/groups.ts';
import type { Pair } from './catalogue/pairs.ts';
import { emoji, meanColour } from './emoji.ts';
import { plainGrounds } from './grounds.ts';
import { paletteAgainst, palettes } from './palette.ts';
import type { Random } from './random.ts';
import { type SceneName, scenes } from './scenes.ts';

/** One thing, large in the middle. */
export async function drawSingle(
  name: string,
  place: SceneName | 'plain',
  size: Size,
  random: Random,
): Promise<string> {
  const edge = Math.min(size.width, size.height);
  const ground = await groundFor(name, place, size, random);
  const large = edge * (place === 'plain' ? random.between(0.82, 0.88) : 0.84);
  const turn = place === 'plain' ? random.pick([0, 0, -6, 6]) : 0;
  const y = size.height / 2 + (place === 'plain' ? 0 : edge * 0.02);
  return ground + emoji(name, { x: size.width / 2, y, size: large, turn });
}

/** Two things beside each other, within the middle square. */
export async function drawPair([, left, right, place]: Pair, size: Size, random: Random): Promise<string> {
  const edge = Math.min(size.width, size.height);
  const ground = await groundFor(left, place, size, random);
  const half = edge * 0.26;
  const each = edge * 0.56;
  const lift = place === 'plain' ? edge * 0.05 : 0;
  const y = size.height / 2 + (place === 'plain' ? 0 : edge * 0.06);
  const tilt = place === 'plain' ? 5 : 0;
  return (
    ground +
    emoji(left, { x: size.width / 2 - half, y: y + lift, size: each, turn: -tilt }) +
    emoji(right, { x: size.width / 2 + half, y: y - lift, size: each, turn: tilt })
  );
}

export function drawGroup({ of, layout }: Group, random: Random): { size: Size; content: string } {
  const members = of.split(' ');
  switch (layout.kind) {
    case 'tiles':
      return tiles(members, layout.columns, random);
    case 'scatter':
      return scatter(members, random);
    case 'wreath':
      return wreath(members, random);
    case 'row':
      return row(members, layout.place, random);
  }
}

async function groundFor(
  name: string,
  place: SceneName | 'plain',
  size: Size,
  random: Random,
): Promise<string> {
  if (place !== 'plain') return scenes[place](size, random);
  const palette = paletteAgainst(await meanColour(name), random);
  return random.pick(Object.values(plainGrounds))({ size, palette, random, motif: name });
}

function tiles(members: readonly string[], columns: number, random: Random): { size: Size; content: string } {
  const rows = Math.ceil(members.length / columns);
  const cell = columns > rows ? Math.floor(840 / columns) : Math.floor(720 / columns);
  const size = { width: cell * columns, height: cell * rows };
  const offset = Math.floor(random.between(0, palettes.length));
  const drawn = members.map((name, i) => {
    const palette = palettes[(offset + i * 5) % palettes.length]!;
    const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell];
    const paint = linear(60, palette.from, palette.to);
    const ground = paint.defs + rect(x, y, cell, cell, { fill: paint.fill });
    return ground + emoji(name, { x: x + cell / 2, y: y + cell / 2, size: cell * 0.8 });
  });
  return { size, content: drawn.join('') };
}

function scatter(members: readonly string[], random: Random): { size: Size; content: string } {
  const size = random.pick([
    { width: 840, height: 600 },
    { width: 640, height: 820 },
    { width: 760, height: 760 },
  ]);
  const palette = random.pick(palettes);
  const step = 190;
  let content = background(size, linear(60, palette.from, palette.to));
  let n = Math.floor(random.between(0, members.length));
  for (let j = 0, y = 40; y < size.height + step * 0.5; y += step * 0.86, j++)
    for (let x = j % 2 ? -10 : 85; x < size.width + step * 0.5; x += step, n++)
      content += emoji(members[n % members.length]!, {
        x: x + random.between(-12, 12),
        y: y + random.between(-12, 12),
        size: random.between(120, 150),
        turn: random.between(-24, 24),
      });
  return { size, content };
}

function wreath(members: readonly string[], random: Random): { size: Size; content: string } {
  const size = { width: 760, height: 760 };
  const palette = random.pick(palettes);
  const [first, ...others] = members;
  const count = 12;
  const ring = Array.from({ length: count }, (_, i) => {
    const angle = (i / count) * 2 * Math.PI - Math.PI / 2;
    const at = { x: 380 + Math.cos(angle) * 275, y: 380 + Math.sin(angle) * 275 };
    const turn = (angle * 180) / Math.PI + 90;
    return emoji(others[i % others.length]!, {
      ...at,
      size: i % 2 ? 118 : 140,
      turn: turn > 90 && turn < 270 ? turn - 180 : turn,
    });
  });
  return {
    size,
    content:
      background(size, linear(90, palette.from, palette.to)) +
      glow(size, 380, 380, 330, 0.7) +
      ring.join('') +
      emoji(first!, { x: 380, y: 380, size: 300 }),
  };
}

function row(members: readonly string[], place: SceneName, random: Random): { size: Size; content: string } {
  const size = { width: 900, height: members.length > 3 ? 450 : 506 };
  const step = size.width / members.length;
  const each = Math.min(step * 0.98, size.height * 0.52);
  const flying = place === 'sky' || place === 'space' || place === 'deep';
  const drawn = members.map((name, i) => {
    const x = size.width / 2 + (i - (members.length - 1) / 2) * step * 0.94;
    const y = size.height * (flying ? 0.5 + (i % 2 ? -0.1 : 0.09) : 0.6);
    const foot = faded(
      ellipse(x, y + each * 0.47, each * 0.33, each * 0.045, { fill: '#23304f' }),
      flying ? 0 : 0.16,
    );
    return foot + emoji(name, { x, y, size: each });
  });
  return { size, content: scenes[place](size, random) + drawn.join('') };
}
