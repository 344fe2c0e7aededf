import { t } from '../ui/messages.ts';
import { GAP, targetHeight } from './bands.ts';
import { justify } from './justify.ts';
import { useWidth } from './use-width.ts';

const RATIOS = [1.5, 0.8, 1.3, 1, 1.8, 0.75, 1.4, 1, 1.6, 0.9, 1.2, 1.5, 0.8, 1.4, 1.1, 1.7, 1, 1.3];

/** Shown instead of the grid until the first response. */
export function GridSkeleton() {
  const [container, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={container} className="grid-skeleton" role="img" aria-label={t.searching}>
      {justify(RATIOS, width, targetHeight(width), GAP).map(row => (
        <div className="skeleton-row" key={row.tiles[0]?.index} style={{ height: row.height }}>
          {row.tiles.map(tile => (
            <div className="tile skeleton" key={tile.index} style={{ width: tile.width }} />
          ))}
        </div>
      ))}
    </div>
  );
}
