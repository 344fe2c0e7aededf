import { z } from 'zod/mini';
import { restoreShapes, STORED_SHAPES } from '../listing/shape-store.ts';
import { parseJson } from './parse-json.ts';
import { restorePlaces, STORED_PLACES } from './scroll-memory.ts';

const placesSchema = z.array(
  z.tuple([
    z.string(),
    z.union([
      z.object({ top: z.number() }),
      z.object({ section: z.string(), index: z.number(), offset: z.number() }),
    ]),
  ]),
);

const shapesSchema = z.object({
  key: z.string(),
  sections: z.array(
    z.tuple([
      z.string(),
      z.array(
        z.object({
          cursor: z.nullable(z.string()),
          next: z.nullable(z.string()),
          ids: z.array(z.string()),
          ratios: z.array(z.number()),
          runs: z.array(z.object({ name: z.string(), count: z.number() })),
        }),
      ),
    ]),
  ),
});

/** Takes up what this tab stored before it was reloaded; what is not understood is left. */
export function restoreTab(): void {
  const places = z.safeParse(placesSchema, parseJson(sessionStorage.getItem(STORED_PLACES)));
  if (places.success) restorePlaces(places.data);
  const shapes = z.safeParse(shapesSchema, parseJson(sessionStorage.getItem(STORED_SHAPES)));
  if (shapes.success) restoreShapes(shapes.data.key, shapes.data.sections);
}
