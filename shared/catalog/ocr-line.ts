import { z } from 'zod';

/** A line of words in an image: text, four corners clockwise from top left in px of the upright image, 0–1. */
export const ocrLineSchema = z.object({
  text: z.string(),
  box: z.array(z.tuple([z.number(), z.number()])).length(4),
  score: z.number(),
});
export type OcrLine = z.infer<typeof ocrLineSchema>;
