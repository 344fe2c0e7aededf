import { language } from './messages.ts';

const places = new Intl.NumberFormat(language, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

type Exposure = {
  /** s. */
  readonly exposure_time: number | null;
  readonly f_number: number | null;
  readonly iso: number | null;
  /** mm, as it is and as it would be on 35 mm film. */
  readonly focal_length: number | null;
  readonly focal_length_35mm: number | null;
};

/** As photographers write it: `1/250 s · f/2.8 · ISO 400 · 50 mm (75 mm)`; '' where nothing is known. */
export function formatExposure(exif: Exposure): string {
  const { exposure_time: time, f_number: f, iso, focal_length: focal, focal_length_35mm: film } = exif;
  const isOther = film !== null && focal !== null && Math.round(film) !== Math.round(focal);
  return [
    ...(time !== null && time > 0
      ? [time < 0.4 ? `1/${plain.format(Math.round(1 / time))}\u00a0s` : `${plain.format(time)}\u00a0s`]
      : []),
    ...(f === null ? [] : [`f/${plain.format(f)}`]),
    ...(iso === null ? [] : [`ISO\u00a0${iso}`]),
    ...(focal === null
      ? []
      : [`${plain.format(focal)}\u00a0mm${isOther ? ` (${plain.format(film)}\u00a0mm)` : ''}`]),
  ].join(' · ');
}

/** Coordinates as maps write them: `31.23040° N, 121.47370° E`. */
export function formatPlace({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const one = (degrees: number, positive: string, negative: string) =>
    `${places.format(Math.abs(degrees))}°\u00a0${degrees < 0 ? negative : positive}`;
  return `${one(latitude, 'N', 'S')}, ${one(longitude, 'E', 'W')}`;
}
