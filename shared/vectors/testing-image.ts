import type { ImageReader, ImageWriter, Numbers } from './image-file.ts';

type Part = { save(writer: ImageWriter): void; load(reader: ImageReader): void };

/** An empty part that has taken over what the other saved, as from an image. */
export function reloaded<T extends Part>(part: T, empty: T): T {
  const saved: unknown[] = [];
  part.save({
    numbers: values => saved.push([...values]),
    json: value => saved.push(JSON.stringify(value)),
  });
  empty.load({
    numbers<N extends Numbers>(make: (length: number) => N): N {
      const values = saved.shift() as number[];
      // It begins with 0, as one that reads a file does, to know how large each number is.
      make(0);
      const made = make(values.length);
      made.set(values);
      return made;
    },
    json: () => JSON.parse(String(saved.shift())),
  });
  return empty;
}
