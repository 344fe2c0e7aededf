import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
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
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

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

type ChoiceProps<T> = {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly name: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
};

function Choice<T extends string | number | null>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="filter">
      <legend>{label}</legend>
      <div className="segments">
        {options.map(option => (
          <label key={option.name}>
            <input
              type="radio"
              name={label}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type PickProps = {
  readonly label: string;
  readonly options: readonly string[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
};

/** One of many values; not there where the library has none. */
function Pick({ label, options, value, onChange }: PickProps) {
  const shown = value !== null && !options.includes(value) ? [value, ...options] : options;
  if (shown.length === 0) return null;
  return (
    <label className="filter filter-pick">
      <span>{label}</span>
      <select value={value ?? ''} onChange={event => onChange(event.target.value || null)}>
        <option value="">{t.anyOf}</option>
        {shown.map(option => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

type CategoriesProps = {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly known: readonly string[];
  readonly onChange: (categories: readonly string[]) => void;
};

function Categories({ label, chosen, known, onChange }: CategoriesProps) {
  const [typed, setTyped] = useState('');
  const listId = useId();
  const add = (name: string) => {
    const category = name.trim();
    if (category !== '' && !chosen.includes(category)) onChange([...chosen, category]);
    setTyped('');
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      add(typed);
    }
  };
  return (
    <fieldset className="filter">
      <legend>{label}</legend>
      <div className="pills">
        {chosen.map(name => (
          <button
            type="button"
            className="pill pill-on"
            key={name}
            onClick={() => onChange(chosen.filter(c => c !== name))}
            aria-label={t.removeCategory(name)}
          >
            {name}
            <CloseIcon />
          </button>
        ))}
        <input
          className="pill-input"
          value={typed}
          list={listId}
          placeholder={t.categoryPlaceholder}
          aria-label={label}
          onChange={event =>
            known.includes(event.target.value) ? add(event.target.value) : setTyped(event.target.value)
          }
          onKeyDown={key}
          onBlur={() => add(typed)}
        />
        <datalist id={listId}>
          {known.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </fieldset>
  );
}
