import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Section } from '../listing/shape.ts';
import { formatMonth } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import { bandAt, type Stack } from './bands.ts';

type ScrubberProps = {
  readonly sections: readonly Section[];
  readonly layout: Stack;
  /** px from the page's top to the grid's */
  readonly margin: number;
};

/** px at the window's head that a bar covers. */
const HEAD = 72;
/** Share of the track between two years, below which the second is shown as a dot. */
const LABEL_ROOM = 0.035;

type Stop = { readonly section: number; readonly month: string; readonly at: number };

/** The time line at the window's edge: drag it, or click a year, and the grid is there. */
export default function Scrubber({ sections, layout, margin }: ScrubberProps) {
  const track = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState(false);
  const [now, setNow] = useState(0);
  const height = layout.offsets.at(-1) ?? 0;

  const stops = useMemo(() => stopsOf(sections, layout), [sections, layout]);
  const years = useMemo(() => yearsOf(stops), [stops]);

  const follow = useEffectEvent(() => {
    const y = Math.max(0, scrollY - margin);
    const share = height === 0 ? 0 : Math.min(1, y / height);
    track.current?.style.setProperty('--at', String(share));
    // A quarter of the window below its top is where one looks.
    const band = layout.bands[bandAt(layout, y + innerHeight / 4)];
    if (band && band.section !== now) setNow(band.section);
  });
  useEffect(() => {
    addEventListener('scroll', follow, { passive: true });
    return () => removeEventListener('scroll', follow);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place in the track changes with the layout
  useEffect(() => follow(), [layout, margin]);

  const goTo = (share: number) =>
    scrollTo({
      top: margin + Math.min(1, Math.max(0, share)) * (height - innerHeight / 2),
      behavior: 'instant',
    });
  const goToSection = (section: number) => {
    const stop = stops.find(other => other.section === section);
    if (!stop) return;
    // At once, so that keys pressed in a row each go on from the last.
    setNow(section);
    scrollTo({ top: Math.ceil(margin + stop.at * height - HEAD), behavior: 'instant' });
  };
  const scrub = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box) goTo((event.clientY - box.top) / box.height);
  };
  const key = (event: KeyboardEvent) => {
    const next = sectionByKey(event.key, now, stops);
    if (next === null) return;
    event.preventDefault();
    goToSection(next);
  };
  const month = sections[now]?.month;
  if (month === undefined || month === null) return null;
  return (
    <div className="scrubber" data-dragging={dragging || undefined}>
      <div
        ref={track}
        className="scrubber-track"
        role="slider"
        tabIndex={0}
        aria-label={t.timeline}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, sections.length - 1)}
        aria-valuenow={now}
        aria-valuetext={formatMonth(month)}
        onKeyDown={key}
        onPointerDown={event => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
          scrub(event);
        }}
        onPointerMove={event => dragging && scrub(event)}
        onPointerUp={() => setDragging(false)}
        onPointerCancel={() => setDragging(false)}
      >
        {years.map(({ year, at, labelled }) =>
          labelled ? (
            <span key={year} className="scrubber-year" style={{ top: `${at * 100}%` }}>
              {year}
            </span>
          ) : (
            <span key={year} className="scrubber-dot" style={{ top: `${at * 100}%` }} />
          ),
        )}
        <span className="scrubber-thumb" />
        <span className="scrubber-bubble">{formatMonth(month)}</span>
      </div>
    </div>
  );
}

/** Where each month begins, as a share of the grid's height. */
function stopsOf(sections: readonly Section[], { bands, offsets }: Stack): Stop[] {
  const height = offsets.at(-1) ?? 1;
  const stops: Stop[] = [];
  let last = -1;
  for (const [index, band] of bands.entries()) {
    if (band.section === last) continue;
    last = band.section;
    const month = sections[last]?.month;
    if (month) stops.push({ section: last, month, at: offsets[index]! / height });
  }
  return stops;
}

function yearsOf(stops: readonly Stop[]) {
  const years: { year: string; at: number; labelled: boolean }[] = [];
  let room = Number.NEGATIVE_INFINITY;
  for (const { month, at } of stops) {
    const year = month.slice(0, 4);
    if (years.at(-1)?.year === year) continue;
    const labelled = at - room >= LABEL_ROOM;
    if (labelled) room = at;
    years.push({ year, at, labelled });
  }
  return years;
}

/** Arrow keys go a month on, Page Up and Page Down a year. */
function sectionByKey(key: string, now: number, stops: readonly Stop[]): number | null {
  const at = stops.findIndex(stop => stop.section === now);
  const pick = (index: number) => stops[Math.min(stops.length - 1, Math.max(0, index))]?.section ?? null;
  const year = stops[at]?.month.slice(0, 4) ?? '';
  if (key === 'ArrowDown') return pick(at + 1);
  if (key === 'ArrowUp') return pick(at - 1);
  if (key === 'Home') return pick(0);
  if (key === 'End') return pick(stops.length - 1);
  if (key === 'PageDown')
    return stops.find((stop, i) => i > at && !stop.month.startsWith(year))?.section ?? pick(stops.length - 1);
  if (key !== 'PageUp') return null;
  const before =
    stops.findLast((stop, i) => i < at && !stop.month.startsWith(year))?.month.slice(0, 4) ?? year;
  return stops.find(stop => stop.month.startsWith(before))?.section ?? pick(0);
}
