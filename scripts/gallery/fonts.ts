import sharp from 'sharp';

/** Families by what they are for; all under the SIL Open Font License. */
export const fonts = {
  song: 'Noto Serif CJK SC',
  songTraditional: 'Noto Serif CJK TC',
  hei: 'Noto Sans CJK SC',
  heiTraditional: 'Noto Sans CJK TC',
  kai: 'LXGW WenKai',
  script: 'Lobster Two',
  poster: 'Bebas Neue',
  round: 'Quicksand',
  geometric: 'League Spartan',
} as const;

/** Families that this machine lacks, found by drawing with each. */
export async function missingFonts(): Promise<readonly string[]> {
  const known = await Promise.all(
    Object.values(fonts).map(async family => [family, await isThere(family)] as const),
  );
  return known.filter(([, there]) => !there).map(([family]) => family);
}

/** A family that is not there is drawn with the same fallback as one that cannot exist. */
async function isThere(family: string): Promise<boolean> {
  const [asked, fallback] = await Promise.all([sample(family), sample('No Such Family')]);
  return !asked.equals(fallback);
}

function sample(family: string): Promise<Buffer> {
  return sharp({ text: { text: 'Rag 永', font: `${family} 48`, dpi: 96 } })
    .raw()
    .toBuffer();
}
