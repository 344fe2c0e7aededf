import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IndexedImage } from '../search/images.ts';
import { archiveNames } from './file-names.ts';

const ID = 'b3aff1e9-8085-5300-8e06-37b522384659';
const image = (id: string, key: string, name: string | null = null) =>
  ({ id, payload: { key, name, format: 'jpeg' } }) as IndexedImage;
const names = (...images: IndexedImage[]) => [...archiveNames(images).values()];

it('a file of a folder keeps its path, an upload its name, and one without has its id', () => {
  expect(
    names(
      image('1', '2024/trip/cat.jpg'),
      image('2', `uploads/${ID}.jpeg`, '猫.jpg'),
      image(ID, `uploads/${ID}.jpeg`),
    ),
  ).toEqual(['2024/trip/cat.jpg', '猫.jpg', `${ID}.jpeg`]);
});

it('equal names are numbered, whatever their case', () => {
  const upload = (n: string, name: string) => image(n, `uploads/${ID}.jpeg`, name);
  expect(
    names(upload('1', 'cat.jpg'), upload('2', 'CAT.jpg'), upload('3', 'cat (2).jpg'), upload('4', 'cat.jpg')),
  ).toEqual(['cat.jpg', 'CAT (2).jpg', 'cat (2) (2).jpg', 'cat (3).jpg']);
});

it('no name leads out of the folder it is unpacked in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), name => {
      const [upload = ''] = names(image('1', `uploads/${ID}.jpeg`, name));
      expect(upload).not.toMatch(/[/\\:]|^\.{1,2}$|^$/);
    }),
  );
  expect(names(image('1', `uploads/${ID}.jpeg`, '..'))).toEqual(['_']);
});
