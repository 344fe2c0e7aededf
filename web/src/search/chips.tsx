import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import { referenceName } from '../api/find-images.ts';
import type { LeftOut } from '../listing/left-out.ts';
import { parseQueryText } from '../state/query-text.ts';
import {
  clampWeight,
  MAX_WEIGHT,
  type Reference,
  type Region,
  referenceId,
  WEIGHT_STEP,
} from '../state/reference.ts';
import type { SearchState } from '../state/search-state.ts';
import { AlertIcon, ClockIcon, CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useFileUrl } from './use-file-url.ts';

type ChipsProps = {
  readonly search: SearchState;
  /** References that the search goes on without. */
  readonly leftOut: readonly LeftOut[];
  readonly onChange: (change: Partial<SearchState>, options?: { replace?: boolean }) => void;
};

/** Shows the part of an image that is searched for, where the browser can. */
const viewBox = (region: Region | null | undefined) =>
  region
    ? {
        objectViewBox: `xywh(${[region.x, region.y, region.width, region.height].map(v => `${v * 100}%`).join(' ')})`,
      }
    : undefined;

/** Chips shown on a phone before the rest is folded away. */
const SHOWN_NARROW = 2;

/** The images that are searched by, each with its weight; the text too, where a search has both. */
export default function Chips({ search, leftOut, onChange }: ChipsProps) {
  const [unfolded, setUnfolded] = useState(false);
  const narrow = useNarrow();
  const { references } = search;
  const { meaning } = parseQueryText(search.text);
  const reasons = new Map(leftOut.map(({ reference, reason }) => [referenceId(reference), reason]));
  const folded = narrow && !unfolded && references.length > SHOWN_NARROW;
  const shown = folded ? references.slice(0, SHOWN_NARROW) : references;

  const replace = (at: number, weight: number | null) =>
    onChange(
      {
        references: references.flatMap((reference, i) => {
          if (i !== at) return [reference];
          return weight === null ? [] : [{ ...reference, weight }];
        }),
      },
      { replace: weight !== null },
    );

  return (
    <ul className="chips" aria-label={t.searchedBy}>
      {meaning !== '' && references.length > 0 && (
        <Chip
          name={meaning}
          weight={search.textWeight}
          onWeight={textWeight => onChange({ textWeight: Math.abs(textWeight) }, { replace: true })}
        />
      )}
      {shown.map((reference, at) => {
        const id = referenceId(reference);
        const reason = reasons.get(id);
        const onRemove = () => replace(at, null);
        return reason ? (
          <LeftOutChip key={id} reason={reason} onRemove={onRemove} />
        ) : (
          <ReferenceChip
            key={id}
            reference={reference}
            onWeight={weight => replace(at, weight)}
            onRemove={onRemove}
          />
        );
      })}
      {narrow && references.length > SHOWN_NARROW && (
        <li>
          <button
            type="button"
            className="chip-fold"
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? t.fold : t.andMore(references.length - SHOWN_NARROW)}
          </button>
        </li>
      )}
    </ul>
  );
}

type ReferenceChipProps = {
  readonly reference: Reference;
  readonly onWeight: (weight: number) => void;
  readonly onRemove: () => void;
};

function ReferenceChip({ reference, ...rest }: ReferenceChipProps) {
  const { kind, key } = reference;
  const image = useQuery({
    queryKey: ['image', key],
    queryFn: ({ signal }) => api.image(key, signal),
    enabled: kind === 'image',
    staleTime: 60_000,
  });
  const file = useFileUrl(kind === 'file' ? key : null);
  const stored = image.data?.thumbnail_url ?? image.data?.url;
  const url = kind === 'file' ? file : stored ? absoluteUrl(stored) : null;
  return (
    <Chip
      name={referenceName({ ...reference, weight: 1 })}
      weight={reference.weight}
      url={url}
      region={reference.region}
      {...rest}
    />
  );
}

type LeftOutChipProps = { readonly reason: LeftOut['reason']; readonly onRemove: () => void };

/** A reference that has no part in what is found, and can only be removed. */
function LeftOutChip({ reason, onRemove }: LeftOutChipProps) {
  const isGone = reason === 'gone';
  const name = isGone ? t.missingImage : t.waitingImage;
  return (
    <li className="chip" data-left-out={reason}>
      <span className="chip-body">
        {isGone ? <AlertIcon /> : <ClockIcon />}
        <span className="chip-name">{name}</span>
      </span>
      <RemoveButton name={name} onRemove={onRemove} />
    </li>
  );
}

type RemoveProps = { readonly name: string; readonly onRemove: () => void };

const RemoveButton = ({ name, onRemove }: RemoveProps) => (
  <button
    type="button"
    className="chip-remove"
    onClick={onRemove}
    aria-label={`${t.removeFromSearch}: ${name}`}
    title={t.removeFromSearch}
  >
    <CloseIcon />
  </button>
);

type ChipProps = {
  readonly name: string;
  readonly weight: number;
  readonly url?: string | null;
  readonly region?: Region | null;
  readonly onWeight: (weight: number) => void;
  /** Absent for the text, which is removed in the search box. */
  readonly onRemove?: () => void;
};

function Chip({ name, weight, url, region, onWeight, onRemove }: ChipProps) {
  const [open, setOpen] = useState(false);
  const step = (direction: 1 | -1) => onWeight(clampWeight(weight + direction * WEIGHT_STEP, direction));
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp') step(1);
    else if (event.key === 'ArrowDown') step(-1);
    else if (event.key === '-' || event.key === '+')
      onWeight(event.key === '-' ? -Math.abs(weight) : Math.abs(weight));
    else if (event.key === 'Delete' || event.key === 'Backspace') onRemove?.();
    else if (event.key === 'Escape') setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <li
      className="chip"
      data-against={weight < 0 || undefined}
      onBlur={event => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      {onRemove && (
        <button
          type="button"
          className="chip-sign"
          onClick={() => onWeight(-weight)}
          aria-label={weight < 0 ? t.makePlus(name) : t.makeMinus(name)}
          title={weight < 0 ? t.makePlus(name) : t.makeMinus(name)}
        >
          {weight < 0 ? '−' : '+'}
        </button>
      )}
      <button
        type="button"
        className="chip-body"
        aria-expanded={open}
        aria-label={t.weightOf(name, Math.abs(weight))}
        title={t.weightHint}
        onClick={() => setOpen(!open)}
        onKeyDown={key}
      >
        {url !== undefined &&
          (url ? <img src={url} alt="" style={viewBox(region)} /> : <span className="chip-blank" />)}
        <span className="chip-name">{name}</span>
        {Math.abs(weight) !== 1 && <span className="chip-times">×{Math.abs(weight)}</span>}
      </button>
      {onRemove && <RemoveButton name={name} onRemove={onRemove} />}
      {open && (
        <div className="chip-weight">
          <span aria-hidden="true">{onRemove ? '−' : ''}</span>
          <input
            type="range"
            min={onRemove ? -MAX_WEIGHT : WEIGHT_STEP}
            max={MAX_WEIGHT}
            step={WEIGHT_STEP}
            value={weight}
            aria-label={t.weight}
            aria-valuetext={String(weight)}
            onChange={event => {
              const next = event.target.valueAsNumber;
              onWeight(clampWeight(next, next < weight ? -1 : 1));
            }}
          />
          <output>{weight}</output>
        </div>
      )}
    </li>
  );
}
