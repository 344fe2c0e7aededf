import { z } from 'zod';
import type { Exif } from '../catalog/exif.ts';
import { readMetadata, type MetadataTags as Tags } from './exif-tags.ts';

/**
 * How and where an image was taken, as its EXIF says (CIPA DC-008, exif.org); null where it says nothing. Metadata is
 * often garbage and never a reason to reject an image: what makes no sense is left out.
 */
export function exifFacts(bytes: Uint8Array, tags = readMetadata(bytes)): Exif | null {
  if (!tags) return null;
  const latitude = coordinate(tags, 'Latitude', 90);
  const longitude = coordinate(tags, 'Longitude', 180);
  const isPlace = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
  const exif: Exif = {
    camera: cameraOf(text(tags['Make']), text(tags['Model'])),
    lens: text(tags['LensModel']) ?? text(tags['Lens']),
    exposure_time: positive(tags['ExposureTime'], 86_400),
    f_number: positive(tags['FNumber'], 1_000),
    iso:
      positive(tags['ISOSpeedRatings'], 10_000_000) ?? positive(tags['RecommendedExposureIndex'], 10_000_000),
    focal_length: positive(tags['FocalLength'], 100_000),
    focal_length_35mm: positive(tags['FocalLengthIn35mmFilm'], 100_000),
    latitude: isPlace ? latitude : null,
    longitude: isPlace ? longitude : null,
    altitude: isPlace ? altitudeOf(tags) : null,
  };
  return Object.values(exif).some(value => value !== null) ? exif : null;
}

/** Characters of a name that are kept; longer ones are garbage. */
const LONGEST_NAME = 100;

function text(tag: Tags[string]): string | null {
  const value = Array.isArray(tag?.value) ? tag.value[0] : tag?.value;
  if (typeof value !== 'string') return null;
  const clean = value
    .replace(/\0.*$/s, '')
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD,\s]+/gu, ' ')
    .normalize('NFC')
    .trim();
  return clean === '' || clean.length > LONGEST_NAME || /^[-?.*\s]+$/.test(clean) ? null : clean;
}

/** `Canon` and `Canon EOS R5` are one name; so are `NIKON CORPORATION` and `NIKON D750`. */
function cameraOf(make: string | null, model: string | null): string | null {
  if (!make || !model) return model ?? make;
  const [maker = ''] = make.split(' ');
  return model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${make} ${model}`;
}

const rationalSchema = z.tuple([z.number(), z.number()]);

/** A number, or a fraction of two; null for anything else, a division by 0 too. */
function number(value: unknown): number | null {
  const fraction = rationalSchema.safeParse(value).data;
  const result = fraction ? fraction[0] / fraction[1] : Array.isArray(value) ? value[0] : value;
  return typeof result === 'number' && Number.isFinite(result) ? result : null;
}

function positive(tag: Tags[string], most: number): number | null {
  const value = number(tag?.value);
  return value !== null && value > 0 && value <= most ? value : null;
}

/** Degrees, minutes and seconds to degrees, south and west negative. */
function coordinate(tags: Tags, name: 'Latitude' | 'Longitude', most: number): number | null {
  const parts = tags[`GPS${name}`]?.value;
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > 3) return null;
  const numbers = parts.map(number);
  if (numbers.some(part => part === null || part < 0)) return null;
  const degrees = numbers.reduce<number>((sum, part, i) => sum + (part ?? 0) / 60 ** i, 0);
  if (degrees > most) return null;
  const reference = text(tags[`GPS${name}Ref`])?.toUpperCase();
  const rounded = Math.round(degrees * 1e7) / 1e7;
  return reference === 'S' || reference === 'W' ? -rounded : rounded;
}

function altitudeOf(tags: Tags): number | null {
  const metres = number(tags['GPSAltitude']?.value);
  if (metres === null || Math.abs(metres) > 100_000) return null;
  return number(tags['GPSAltitudeRef']?.value) === 1 ? -metres : metres;
}
