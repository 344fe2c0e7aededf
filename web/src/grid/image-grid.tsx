import { type KeyboardEvent, memo, useMemo } from 'react';
import type { Hit } from '../api/types.ts';
import { t } from '../ui/messages.ts';
import { justify } from './justify.ts';
import { Tile, type TileActions } from './tile.tsx';
import { useWidth } from './use-width.ts';

const GAP = 8;

/** px: about three rows on a phone, five on a desk. */
const targetHeight = (width: number): number => (width < 560 ? 150 : width < 1000 ? 190 : 230);

type ImageGridProps = { readonly hits: readonly Hit[]; readonly actions: TileActions };

/** Images in rows of equal height, in the order of the hits. Arrow keys move between them. */
export const ImageGrid = memo(function ImageGrid({ hits, actions }: ImageGridProps) {
  const [container, width] = useWidth<HTMLDivElement>();
  const rows = useMemo(
    () =>
      justify(
        hits.map(hit => hit.img.width / hit.img.height),
        width,
        targetHeight(width),
        GAP,
      ),
    [hits, width],
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the arrow keys of the links inside
    <div ref={container} className="grid" onKeyDown={moveFocus}>
      {rows.map(row => (
        <ul
          className="grid-row"
          key={hits[row.tiles[0]?.index ?? 0]?.img.id}
          style={{ height: row.height, containIntrinsicHeight: row.height }}
        >
          {row.tiles.map(({ index, width: tileWidth }) => {
            const hit = hits[index];
            return hit && <Tile key={hit.img.id} image={hit.img} width={tileWidth} actions={actions} />;
          })}
        </ul>
      ))}
    </div>
  );
});

/** What stands in for the grid until the first answer. */
export function GridSkeleton() {
  const [container, width] = useWidth<HTMLDivElement>();
  const ratios = [1.5, 0.8, 1.3, 1, 1.8, 0.75, 1.4, 1, 1.6, 0.9, 1.2, 1.5, 0.8, 1.4, 1.1, 1.7, 1, 1.3];
  return (
    <div ref={container} className="grid" role="img" aria-label={t.searching}>
      {justify(ratios, width, targetHeight(width), GAP).map(row => (
        <div className="grid-row" key={row.tiles[0]?.index} style={{ height: row.height }}>
          {row.tiles.map(tile => (
            <div className="tile skeleton" key={tile.index} style={{ width: tile.width }} />
          ))}
        </div>
      ))}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('.tile-link')];
  const at = links.findIndex(link => link.matches(':focus'));
  const current = links[at];
  if (!current) return;
  const next = neighbour(event.key, links, at, current);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function neighbour(key: string, links: readonly HTMLAnchorElement[], at: number, current: HTMLAnchorElement) {
  if (key === 'ArrowLeft') return links[at - 1];
  if (key === 'ArrowRight') return links[at + 1];
  if (key === 'ArrowUp') return nearestInRow(links, current, -1);
  if (key === 'ArrowDown') return nearestInRow(links, current, 1);
  return undefined;
}

/** The tile above or below: of the adjoining row, the one whose middle is nearest. */
function nearestInRow(links: readonly HTMLElement[], from: HTMLElement, direction: 1 | -1) {
  const start = from.getBoundingClientRect();
  const middle = start.left + start.width / 2;
  const beyond = links
    .map(link => ({ link, box: link.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - start.top) * direction > 1);
  const rowTop = beyond.reduce(
    (nearest, { box }) => (Math.abs(box.top - start.top) < Math.abs(nearest - start.top) ? box.top : nearest),
    direction * Number.POSITIVE_INFINITY,
  );
  return beyond
    .filter(({ box }) => Math.abs(box.top - rowTop) < 1)
    .sort((a, b) => distance(a.box, middle) - distance(b.box, middle))[0]?.link;
}

const distance = (box: DOMRect, x: number): number => Math.abs(box.left + box.width / 2 - x);
