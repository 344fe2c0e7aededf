import type { Image } from '../api/types.ts';
import { formatExposure, formatPlace } from '../ui/format-exif.ts';
import { t } from '../ui/messages.ts';
import { CopyButton } from './copy-button.tsx';

/** What the camera wrote of how and where the image was taken. */
export function CameraFacts({ exif }: Pick<Image, 'exif'>) {
  if (!exif) return null;
  const exposure = formatExposure(exif);
  const place =
    exif.latitude !== null && exif.longitude !== null
      ? { latitude: exif.latitude, longitude: exif.longitude }
      : null;
  return (
    <>
      {exif.camera && (
        <>
          <dt>{t.filterCamera}</dt>
          <dd>{exif.camera}</dd>
        </>
      )}
      {exif.lens && (
        <>
          <dt>{t.filterLens}</dt>
          <dd>{exif.lens}</dd>
        </>
      )}
      {exposure !== '' && (
        <>
          <dt>{t.factExposure}</dt>
          <dd>{exposure}</dd>
        </>
      )}
      {place && (
        <>
          <dt>{t.factPlace}</dt>
          <dd className="fact-copied">
            <a href={mapOf(place)} target="_blank" rel="noreferrer" title={t.openMap}>
              {formatPlace(place)}
            </a>
            <CopyButton text={`${place.latitude}, ${place.longitude}`} label={t.copyPlace} />
          </dd>
        </>
      )}
    </>
  );
}

/** A link to another site; no request goes there before it is pressed. */
const mapOf = ({ latitude, longitude }: { latitude: number; longitude: number }): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=15/${latitude}/${longitude}`;
