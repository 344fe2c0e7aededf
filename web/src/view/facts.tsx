import { useState } from 'react';
import { absoluteUrl } from '../api/client.ts';
import type { Explanation, Image, ImageChange } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { formatBytes, formatDay, formatTaken, formatTakenAt } from '../ui/format.ts';
import {
  CheckIcon,
  DownloadIcon,
  LinkIcon,
  PlusIcon,
  RegionIcon,
  ShareIcon,
  SimilarIcon,
  StarIcon,
  TrashIcon,
  UnlikeIcon,
} from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { wordError } from '../ui/word-error.ts';
import { CameraFacts } from './camera-facts.tsx';
import { CopyButton } from './copy-button.tsx';
import { CategoriesEditor, NotesEditor } from './editors.tsx';
import { Reasons } from './reasons.tsx';
import { SimilarStrip } from './similar-strip.tsx';
import { useWordLines } from './words-layer.tsx';

export type FactsActions = {
  readonly moreLike: (id: string) => void;
  readonly addToSearch: (id: string, weight?: number) => void;
  readonly show: (id: string) => void;
  /** Lets the user draw the part of the image to search for. */
  readonly pickRegion: () => void;
  /** Absent where images can't be edited. */
  readonly edit: ((id: string, change: ImageChange) => Promise<unknown>) | undefined;
  /** What the server has of an image's notes since they were written. */
  readonly noted: (id: string, saved: Pick<Image, 'comments' | 'version'>) => void;
  /** Absent where no links for strangers can be made. */
  readonly share: (() => void) | undefined;
  readonly remove: ((id: string) => void) | undefined;
};

type FactsProps = {
  readonly image: Image;
  readonly score: number | null;
  readonly explain: Explanation | null;
  /** What the search's criteria are called, in their order. */
  readonly criteria: readonly string[];
  readonly actions: FactsActions;
};

/** What is known of an image, what can be done with it, and what looks like it. */
export function Facts({ image, score, explain, criteria, actions }: FactsProps) {
  const { edit, remove } = actions;
  const unread = useWordLines(image).filter(({ text }) => text === '').length;
  return (
    <section className="facts" aria-label={t.facts}>
      <header className="facts-head">
        <h2>{nameOf(image)}</h2>
        {(edit || image.starred) && (
          <button
            type="button"
            className="round star"
            aria-pressed={image.starred}
            disabled={!edit}
            onClick={() => void edit?.(image.id, { starred: !image.starred }).catch(() => {})}
            aria-label={image.starred ? t.unstar : t.star}
            title={image.starred ? t.unstar : t.star}
          >
            <StarIcon />
          </button>
        )}
      </header>

      <div className="facts-actions">
        <button type="button" className="main" onClick={() => actions.moreLike(image.id)}>
          <SimilarIcon />
          {t.moreLikeThis}
        </button>
        <button type="button" className="plain" onClick={() => actions.addToSearch(image.id)}>
          <PlusIcon />
          {t.addToSearch}
        </button>
        <button type="button" className="plain" onClick={() => actions.addToSearch(image.id, -1)}>
          <UnlikeIcon />
          {t.lessLikeThis}
        </button>
        <button type="button" className="plain" onClick={actions.pickRegion}>
          <RegionIcon />
          {t.searchPart}
        </button>
      </div>

      <dl>
        <dt>{t.factSize}</dt>
        <dd>
          {image.width} × {image.height} · {image.format.toUpperCase()}
          {image.bytes ? ` · ${formatBytes(image.bytes)}` : ''}
        </dd>
        {image.taken_at && (
          <>
            <dt>{image.taken_at_source === 'file' ? t.factFileTime : t.factTaken}</dt>
            <dd>
              {image.taken_at_source === 'file' ? formatTaken(image.taken_at) : formatTakenAt(image.taken_at)}
            </dd>
          </>
        )}
        <CameraFacts exif={image.exif} />
        {image.path && (
          <>
            <dt>{t.factPath}</dt>
            <dd className="fact-copied">
              <span className="fact-path">{image.path}</span>
              <CopyButton text={image.path} label={t.copyPath} />
            </dd>
          </>
        )}
        <dt>{t.factIndexed}</dt>
        <dd>{formatDay(image.index_date)}</dd>
        {score !== null && (
          <>
            <dt>{t.factMatch}</dt>
            <dd>
              {score.toFixed(3)}
              {explain && <Reasons explain={explain} criteria={criteria} />}
            </dd>
          </>
        )}
        {image.ocr_text && (
          <>
            <dt>{t.factWords}</dt>
            <dd className="facts-words fact-copied">
              <span>
                <Words text={image.ocr_text} found={explain?.words ?? []} />
              </span>
              <CopyButton text={image.ocr_text} label={t.copyWords} />
            </dd>
          </>
        )}
        {unread > 0 && <Note>{t.wordsUnread(unread)}</Note>}
        {image.ocr_error && <Note>{t.wordsIncomplete(wordError(image.ocr_error) ?? '')}</Note>}
        {image.damaged && <Note>{t.damaged}</Note>}
        {(edit || image.categories) && (
          <>
            <dt>{t.factCategories}</dt>
            <dd>
              <CategoriesEditor
                categories={image.categories ?? []}
                onChange={edit && (change => edit(image.id, change))}
              />
            </dd>
          </>
        )}
        {(edit || image.comments) && (
          <>
            <dt>{t.factComments}</dt>
            <dd>
              {edit ? (
                <NotesEditor image={image} onSaved={saved => actions.noted(image.id, saved)} />
              ) : (
                <p className="notes">{image.comments}</p>
              )}
            </dd>
          </>
        )}
      </dl>

      <div className="facts-links">
        <a
          className="quiet"
          href={absoluteUrl(image.url)}
          download={image.name ?? `${image.id}.${image.format}`}
        >
          <DownloadIcon />
          {t.download}
        </a>
        <CopyLink id={image.id} />
        {actions.share && (
          <button type="button" className="quiet" onClick={actions.share}>
            <ShareIcon />
            {t.share}
          </button>
        )}
        {remove && image.path === null && (
          <button type="button" className="quiet danger" onClick={() => remove(image.id)}>
            <TrashIcon />
            {t.remove}
          </button>
        )}
      </div>

      <SimilarStrip id={image.id} onShow={actions.show} />
    </section>
  );
}

/** What a person should know of how the image was read. */
const Note = ({ children }: { readonly children: string }) => (
  <>
    <dt>{t.factNote}</dt>
    <dd>{children}</dd>
  </>
);

/** The words in an image, line by line as they were read. */
function Words({ text, found }: { readonly text: string; readonly found: Explanation['words'] }) {
  const lines = text.split('\n').map((line, index) => ({ line, key: `${index} ${line}` }));
  return lines.map(({ line, key }) => (
    <span key={key}>{found.some(match => line.includes(match.text)) ? <mark>{line}</mark> : line}</span>
  ));
}

function CopyLink({ id }: { readonly id: string }) {
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`?view=${id}`, location.href).href);
    setCopied(true);
  };
  return (
    <button type="button" className="quiet" onClick={copy} onBlur={() => setCopied(false)}>
      {copied ? <CheckIcon /> : <LinkIcon />}
      <span aria-live="polite">{copied ? t.copied : t.copyLink}</span>
    </button>
  );
}
