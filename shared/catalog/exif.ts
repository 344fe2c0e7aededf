import { z } from 'zod';

/** What a camera wrote into an image of how and where it was taken; null where it did not say. */
export const exifSchema = z.object({
  /** Maker and model, e.g. `Canon EOS R5`; without commas, so that a filter can name a list of them. */
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** s. */
  exposure_time: z.number().nullable(),
  f_number: z.number().nullable(),
  iso: z.number().nullable(),
  /** mm, as it is and as it would be on 35 mm film. */
  focal_length: z.number().nullable(),
  focal_length_35mm: z.number().nullable(),
  /** Degrees north and east, WGS 84; m above the sea. */
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  altitude: z.number().nullable(),
});
export type Exif = z.infer<typeof exifSchema>;
