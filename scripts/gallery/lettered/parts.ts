import { circle, path, rect, type Size, shadowed } from '../canvas.ts';
import type { Random } from '../random.ts';

/** A sheet of paper or card with a soft shadow. */
export function card(x: number, y: number, width: number, height: number, fill: string, radius = 18): string {
  return shadowed(rect(x, y, width, height, { fill, rx: radius }), 10);
}

/** An outline inside the image's edge. */
export function border(
  { width, height }: Size,
  inset: number,
  stroke: string,
  thickness = 4,
  radius = 0,
): string {
  const outline = { fill: 'none', stroke, 'stroke-width': thickness, rx: radius };
  return rect(inset, inset, width - 2 * inset, height - 2 * inset, outline);
}

/** Paper flags on a string along the top. */
export function bunting({ width }: Size, y: number, colours: readonly string[]): string {
  const step = 62;
  const count = Math.ceil(width / step);
  const sag = (x: number) => y + 46 * (1 - ((x - width / 2) / (width / 2)) ** 2);
  const flags = Array.from({ length: count }, (_, i) => {
    const x = i * step + 8;
    const fill = colours[i % colours.length]!;
    return path(`M${x} ${sag(x)}L${x + 46} ${sag(x + 46)}L${x + 23} ${sag(x + 23) + 58}Z`, { fill });
  });
  const string = path(`M0 ${y}Q${width / 2} ${y + 92} ${width} ${y}`, {
    fill: 'none',
    stroke: '#8a7f8f',
    'stroke-width': 3,
  });
  return string + flags.join('');
}

/** Pieces of paper strewn over the image, the middle box left free. */
export function confetti(size: Size, random: Random, colours: readonly string[], count = 70): string {
  return Array.from({ length: count }, () => {
    const [x, y] = [random.between(0, size.width), random.between(0, size.height)];
    const fill = random.pick(colours);
    const r = random.between(4, 9);
    return random.next() < 0.5
      ? circle(x, y, r, { fill })
      : `<g transform="rotate(${random.between(0, 90).toFixed(0)} ${x.toFixed(1)} ${y.toFixed(1)})">${rect(x, y, r * 2.4, r, { fill, rx: 2 })}</g>`;
  }).join('');
}

/** Rays from a point over the whole image. */
export function rays(size: Size, x: number, y: number, fill: string, opacity: number, count = 16): string {
  const far = size.width + size.height;
  const wedges = Array.from({ length: count }, (_, i) => {
    const [a, b] = [(i / count) * 2 * Math.PI, ((i + 0.5) / count) * 2 * Math.PI];
    return `M${x} ${y}L${x + far * Math.cos(a)} ${y + far * Math.sin(a)}L${x + far * Math.cos(b)} ${y + far * Math.sin(b)}Z`;
  });
  return path(wedges.join(''), { fill, opacity });
}

/** Rows of scales, as on Chinese silk. */
export function scales({ width, height }: Size, radius: number, stroke: string, opacity: number): string {
  let arcs = '';
  for (let row = 0; row * radius * 0.5 < height + radius; row++)
    for (let x = row % 2 ? 0 : -radius; x < width + radius; x += radius * 2)
      for (const r of [1, 0.66, 0.33])
        arcs += `M${x - radius * r} ${row * radius * 0.5 + radius}A${radius * r} ${radius * r} 0 0 1 ${x + radius * r} ${row * radius * 0.5 + radius}`;
  return path(arcs, { fill: 'none', stroke, 'stroke-width': 1.6, opacity });
}

/** A pin that holds a note. */
export function pin(x: number, y: number, fill: string): string {
  return shadowed(circle(x, y, 15, { fill }) + circle(x - 4, y - 5, 5, { fill: '#fff', opacity: 0.6 }), 5);
}

/** A tube of light: the content drawn blurred below itself. */
export function neon(content: string, id: string): string {
  return (
    `<filter id="${id}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="14"/></filter>` +
    `<g filter="url(#${id})" opacity=".9">${content}</g>${content}`
  );
}
