import type { ReactNode } from 'react';
import type { Hit } from '../api/types.ts';
import { formatMonth } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import { type Band, GAP } from './bands.ts';
import { Tile, type TileActions } from './tile.tsx';

type BandViewProps = {
  readonly band: Band;
  /** px below the grid's top */
  readonly top: number;
  readonly ids: readonly string[];
  readonly hits: ReadonlyMap<string, Hit>;
  /** The image of this row at which Tab stops; null where that is in another row. */
  readonly tabStop: string | null;
  readonly actions: TileActions;
  readonly runHeading: (name: string) => ReactNode;
};

export function BandView({ band, top, ids, hits, tabStop, actions, runHeading }: BandViewProps) {
  const style = { top, height: band.height };
  if (band.kind === 'month')
    return (
      <div className="band band-month" style={style}>
        <h2>{formatMonth(band.month)}</h2>
        {band.count !== null && <span className="soft">{t.imageCount(band.count)}</span>}
      </div>
    );
  if (band.kind === 'run')
    return (
      <div className="band band-run" style={style}>
        {runHeading(band.name)}
      </div>
    );
  if (band.kind === 'blank') return <div className="band band-blank" style={style} aria-hidden="true" />;
  return (
    <ul className="band grid-row" style={{ top, height: band.height - GAP }}>
      {band.tiles.map(({ index, width }) => {
        const id = ids[index] ?? '';
        return (
          <Tile
            key={id}
            id={id}
            image={hits.get(id)?.img}
            width={width}
            tabStop={id === tabStop}
            actions={actions}
          />
        );
      })}
    </ul>
  );
}
