import { type KeyboardEvent, useState } from 'react';
import { IMAGE_FORMATS } from '../../../shared/catalog/formats.ts';
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
  /** Categories that are in use, the most frequent first. */
  readonly knownCategories: readonly string[];
};

const BASIS_NAMES = { vision: t.basisVision, ocr: t.basisOcr, both: t.basisBoth };

export default function FilterPanel({ search, onChange, ocr, knownCategories }: FilterPanelProps) {
  const { filters } = search;
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
        chosen={filters.categories}
        known={knownCategories}
        onChange={categories => set({ categories })}
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

type CategoriesProps = {
  readonly chosen: readonly string[];
  readonly known: readonly string[];
  readonly onChange: (categories: readonly string[]) => void;
};

function Categories({ chosen, known, onChange }: CategoriesProps) {
  const [typed, setTyped] = useState('');
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
      <legend>{t.filterCategories}</legend>
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
          list="known-categories"
          placeholder={t.categoryPlaceholder}
          aria-label={t.categoryPlaceholder}
          onChange={event =>
            known.includes(event.target.value) ? add(event.target.value) : setTyped(event.target.value)
          }
          onKeyDown={key}
          onBlur={() => add(typed)}
        />
        <datalist id="known-categories">
          {known.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </fieldset>
  );
}
