import type { Size } from './canvas.ts';
import { groups } from './catalogue/groups.ts';
import { pairs } from './catalogue/pairs.ts';
import { shapeOf } from './catalogue/shapes.ts';
import { singles } from './catalogue/singles.ts';
import { drawGroup, drawPair, drawSingle } from './compose.ts';
import { lettered } from './lettered/all.ts';
import { seededRandom } from './random.ts';
import { type SceneName, scenes } from './scenes.ts';

/** An image of the gallery: where it goes, what is on it, and how it is drawn. */
export type Drawing = {
  /** Below gallery/. */
  readonly file: string;
  readonly kind: 'single' | 'pair' | 'group' | 'words';
  /** Names in Fluent Emoji Flat; of a group each once. */
  readonly subjects: readonly string[];
  /** Lines in reading order, and BCP 47 tags of their languages. */
  readonly words?: { readonly words: readonly string[]; readonly languages: readonly string[] };
  draw(): Promise<{ readonly size: Size; readonly content: string }>;
};

export function drawings(): readonly Drawing[] {
  return [...singleDrawings(), ...pairDrawings(), ...groupDrawings(), ...letteredDrawings()].sort((a, b) =>
    a.file < b.file ? -1 : 1,
  );
}

function singleDrawings(): readonly Drawing[] {
  return Object.entries(singles).flatMap(([folder, places]) =>
    Object.entries(places).flatMap(([place, names]) =>
      names.split(' ').map((name): Drawing => {
        const file = `${folder}/${name}.webp`;
        return {
          file,
          kind: 'single',
          subjects: [name],
          draw: async () => {
            const random = seededRandom(file);
            const size = shapeOf(random, place === 'plain' ? 'any' : 'wide');
            return { size, content: await drawSingle(name, placeNamed(place), size, random) };
          },
        };
      }),
    ),
  );
}

function pairDrawings(): readonly Drawing[] {
  return pairs.map((pair): Drawing => {
    const file = `pairs/${pair[0]}.webp`;
    return {
      file,
      kind: 'pair',
      subjects: [pair[1], pair[2]],
      draw: async () => {
        const random = seededRandom(file);
        const size = shapeOf(random, 'wide');
        return { size, content: await drawPair(pair, size, random) };
      },
    };
  });
}

function groupDrawings(): readonly Drawing[] {
  return groups.map((group): Drawing => {
    const file = `groups/${group.file}.webp`;
    return {
      file,
      kind: 'group',
      subjects: [...new Set(group.of.split(' '))],
      draw: async () => drawGroup(group, seededRandom(file)),
    };
  });
}

function letteredDrawings(): readonly Drawing[] {
  return lettered.map(
    ({ file, subjects, words, languages, draw }): Drawing => ({
      file: `words/${file}.webp`,
      kind: 'words',
      subjects,
      words: { words, languages },
      draw: async () => draw(seededRandom(file)),
    }),
  );
}

function placeNamed(name: string): SceneName | 'plain' {
  if (name === 'plain' || isScene(name)) return name;
  throw new Error(`no scene named '${name}'`);
}

function isScene(name: string): name is SceneName {
  return name in scenes;
}
