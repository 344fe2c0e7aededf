import type { Explanation } from '../api/types.ts';
import { t } from '../ui/messages.ts';

const BASES = { vision: t.basisVision, ocr: t.basisOcr };

type ReasonsProps = {
  readonly explain: Explanation;
  /** What the search's criteria are called, in their order. */
  readonly criteria: readonly string[];
};

/** How much each part of a mixed search has in an image's rank; nothing where there was only one. */
export function Reasons({ explain, criteria }: ReasonsProps) {
  const mixed = explain.bases.length > 1;
  if (explain.criteria.length < 2) return null;
  const largest = Math.max(...explain.criteria.map(({ share }) => Math.abs(share)), 1e-6);
  return (
    <ul className="reasons">
      {explain.criteria.map(({ criterion, basis, share }) => {
        const name = criteria[criterion] ?? t.factWords;
        return (
          <li key={`${basis} ${criterion}`}>
            <span>{mixed ? `${name} · ${BASES[basis]}` : name}</span>
            <meter min={0} max={1} value={Math.abs(share) / largest} data-against={share < 0 || undefined}>
              {share.toFixed(3)}
            </meter>
            <span className="reason-share">{share.toFixed(3)}</span>
          </li>
        );
      })}
    </ul>
  );
}
