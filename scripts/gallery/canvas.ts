/** SVG by strings: what every image of the gallery is made of. Units are px of the finished image. */
export type Size = { readonly width: number; readonly height: number };

export type Paint = { readonly defs: string; readonly fill: string };

const round = (value: number) => Number(value.toFixed(2));
let lastId = 0;

/** A name for a gradient or filter, unique in the process; it does not change a pixel. */
export function newId(): string {
  lastId += 1;
  return `d${lastId}`;
}

export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? round(value) : value}"`)
    .join('');
}

export function rect(
  x: number,
  y: number,
  width: number,
  height: number,
  rest: Record<string, string | number>,
): string {
  return `<rect${attributes({ x, y, width, height, ...rest })}/>`;
}

export function circle(cx: number, cy: number, r: number, rest: Record<string, string | number>): string {
  return `<circle${attributes({ cx, cy, r, ...rest })}/>`;
}

export function ellipse(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  rest: Record<string, string | number>,
): string {
  return `<ellipse${attributes({ cx, cy, rx, ry, ...rest })}/>`;
}

export function path(d: string, rest: Record<string, string | number>): string {
  return `<path${attributes({ d: d.replace(/\d+\.\d{3,}/g, n => String(round(Number(n)))), ...rest })}/>`;
}

/** A gradient over the whole image, at an angle in degrees: 0 = left to right, 90 = downwards. */
export function linear(angle: number, ...colours: readonly string[]): Paint {
  const id = newId();
  const [dx, dy] = [Math.cos((angle * Math.PI) / 180) / 2, Math.sin((angle * Math.PI) / 180) / 2];
  const ends = attributes({ x1: 0.5 - dx, y1: 0.5 - dy, x2: 0.5 + dx, y2: 0.5 + dy });
  return {
    defs: `<linearGradient id="${id}"${ends}>${stops(colours)}</linearGradient>`,
    fill: `url(#${id})`,
  };
}

/** White light that fades away from a point. */
export function glow(
  { width, height }: Size,
  x: number,
  y: number,
  radius: number,
  strength: number,
): string {
  const id = newId();
  const area = attributes({ id, gradientUnits: 'userSpaceOnUse', cx: x, cy: y, r: radius });
  return (
    `<radialGradient${area}><stop stop-color="#fff" stop-opacity="${round(strength)}"/>` +
    `<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>` +
    rect(0, 0, width, height, { fill: `url(#${id})` })
  );
}

/** Its content with a soft shadow below; `reach` in px. */
export function shadowed(content: string, reach: number, colour = '#1d2b4f', strength = 0.28): string {
  const id = newId();
  const drop = attributes({
    dx: 0,
    dy: reach,
    stdDeviation: reach * 0.9,
    'flood-color': colour,
    'flood-opacity': strength,
  });
  return (
    `<filter id="${id}" x="-30%" y="-30%" width="160%" height="160%"><feDropShadow${drop}/></filter>` +
    `<g filter="url(#${id})">${content}</g>`
  );
}

export function turned(content: string, degrees: number, cx: number, cy: number): string {
  return degrees === 0
    ? content
    : `<g transform="rotate(${round(degrees)} ${round(cx)} ${round(cy)})">${content}</g>`;
}

export function faded(content: string, opacity: number): string {
  return `<g opacity="${round(opacity)}">${content}</g>`;
}

export function background({ width, height }: Size, paint: Paint): string {
  return paint.defs + rect(0, 0, width, height, { fill: paint.fill });
}

export function svgDocument({ width, height }: Size, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`,
  );
}

function stops(colours: readonly string[]): string {
  return colours
    .map((colour, i) => `<stop offset="${round(i / (colours.length - 1))}" stop-color="${colour}"/>`)
    .join('');
}
