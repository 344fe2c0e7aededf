import { z } from 'zod';
import { parseOwnKey } from './ids.ts';

/** Files that are no images, by kind; they are passed over, and counted apart. */
export const PASSED_OVER_KINDS = ['sidecars', 'videos', 'audio', 'documents', 'others'] as const;
export type PassedOverKind = (typeof PASSED_OVER_KINDS)[number];
export type PassedOver = Readonly<Record<PassedOverKind, number>>;

export const passedOverSchema = z.object({
  sidecars: z.number(),
  videos: z.number(),
  audio: z.number(),
  documents: z.number(),
  others: z.number(),
});

export const nothingPassedOver = (): Record<PassedOverKind, number> => ({
  sidecars: 0,
  videos: 0,
  audio: 0,
  documents: 0,
  others: 0,
});

/** Extensions in lower case. Files of others are looked into: what counts is the content. */
const EXTENSIONS: Readonly<Record<PassedOverKind, string>> = {
  sidecars:
    'xmp aae thm pp3 dop cos on1 nksc xml json yaml yml lrcat lrdata lrtemplate modd moff picasa picasa_ini tacitpart',
  videos:
    'mp4 m4v mov avi mkv webm mpg mpeg mpe mts m2ts m2v ts vob wmv asf flv f4v 3gp 3g2 ogv mxf lrv insv braw r3d',
  audio: 'mp3 m4a aac wav wave flac ogg oga opus wma aif aiff amr mid midi',
  documents:
    'pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt md csv tsv htm html pages numbers key epub tex log',
  others:
    'zip rar 7z tar gz tgz bz2 xz iso dmg exe msi dll app apk deb rpm sh bat cmd ps1 py js mjs css db sqlite sqlite3 ' +
    'ini cfg conf plist lnk url webloc tmp temp part crdownload download bak lock torrent ttf otf woff woff2 srt sub vtt ' +
    'gpx kml kmz ics vcf eml dat bin cab ctg ds_store info nfo md5 sha1 sfv',
};
const KIND_OF_EXTENSION: ReadonlyMap<string, PassedOverKind> = new Map(
  PASSED_OVER_KINDS.flatMap(kind => EXTENSIONS[kind].split(' ').map(extension => [extension, kind] as const)),
);

/** The kind of a file that is passed over for its name; null where it is to be looked into. */
export function passedOverKind(key: string): PassedOverKind | null {
  if (parseOwnKey(key)) return null;
  const extension = /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  return KIND_OF_EXTENSION.get(extension) ?? null;
}
