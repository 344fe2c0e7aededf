import { useQuery } from '@tanstack/react-query';
import { IMAGE_FORMATS } from '../../../shared/catalog/formats.ts';
import { api } from '../api/api.ts';
import {
  BASES,
  type Filters,
  filterCount,
  NO_FILTERS,
  type SearchState,
  SHAPES,
  SIZES,
} from '../state/search-state.ts';
import { t } from '../ui/messages.ts';
import { Categories, Choice, Pick } from './filter-fields.tsx';

type FilterPanelProps = {
  readonly search: SearchState;
  readonly onChange: (change: Partial<SearchState>) => void;
  readonly ocr: boolean;
};

const BASIS_NAMES = { vision: t.basisVision, ocr: t.basisOcr, both: t.basisBoth };

export default function FilterPanel({ search, onChange, ocr }: FilterPanelProps) {
  const { filters } = search;
  const facets = useQuery({
    queryKey: ['facets'],
    queryFn: ({ signal }) => api.facets(signal),
    staleTime: 60_000,
  }).data;
  const known = (name: 'categories' | 'folders' | 'cameras' | 'lenses') =>
    facets?.[name]?.map(({ value }) => String(value)) ?? [];
  const set = (change: Partial<Filters>) => onChange({ filters: { ...filters, ...change } });
  return (
    <section className="filters" aria-label={t.filters}>
      {ocr && (
        <Choice
          label={t.lookAt}
          options={BASES.map(value => ({ value, name: BASIS_NAMES[value] }))}
          value={search.basis}
          onChange={basis => onChange({ basis })}
        />
      )}
      <Choice
        label={t.filterShape}
        options={[{ value: null, name: t.anyShape }, ...SHAPES.map(value => ({ value, name: t[value] }))]}
        value={filters.shape}
        onChange={shape => set({ shape })}
      />
      <Choice
        label={t.filterSize}
        options={[
          { value: null, name: t.anySize },
          ...SIZES.map(value => ({ value: value as number, name: `${value} px` })),
        ]}
        value={filters.minSize}
        onChange={minSize => set({ minSize })}
      />
      <fieldset className="filter">
        <legend>{t.filterFormat}</legend>
        <div className="pills">
          {IMAGE_FORMATS.map(format => (
            <label className="pill" key={format}>
              <input
                type="checkbox"
                checked={filters.formats.includes(format)}
                onChange={event =>
                  set({
                    formats: event.target.checked
                      ? [...filters.formats, format]
                      : filters.formats.filter(other => other !== format),
                  })
                }
              />
              {format.toUpperCase()}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="filter">
        <legend>{t.filterDate}</legend>
        <div className="dates">
          <input
            type="date"
            aria-label={t.from}
            value={filters.from ?? ''}
            max={filters.to ?? undefined}
            onChange={event => set({ from: event.target.value || null })}
          />
          <span aria-hidden="true">–</span>
          <input
            type="date"
            aria-label={t.to}
            value={filters.to ?? ''}
            min={filters.from ?? undefined}
            onChange={event => set({ to: event.target.value || null })}
          />
        </div>
      </fieldset>
      <Categories
        label={t.filterCategories}
        chosen={filters.categories}
        known={known('categories')}
        onChange={categories => set({ categories })}
      />
      <Categories
        label={t.filterWithout}
        chosen={filters.without}
        known={known('categories')}
        onChange={without => set({ without })}
      />
      <Pick
        label={t.filterFolder}
        options={known('folders')}
        value={filters.folder}
        onChange={folder => set({ folder })}
      />
      <Pick
        label={t.filterCamera}
        options={known('cameras')}
        value={filters.camera}
        onChange={camera => set({ camera })}
      />
      <Pick
        label={t.filterLens}
        options={known('lenses')}
        value={filters.lens}
        onChange={lens => set({ lens })}
      />
      <div className="filter filter-end">
        <label className="pill">
          <input
            type="checkbox"
            checked={filters.starred}
            onChange={event => set({ starred: event.target.checked })}
          />
          ★ {t.filterStarred}
        </label>
        {filterCount(filters) > 0 && (
          <button type="button" className="quiet" onClick={() => onChange({ filters: NO_FILTERS })}>
            {t.clearFilters}
          </button>
        )}
      </div>
    </section>
  );
}
