import { type KeyboardEvent, useId, useState } from 'react';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type ChoiceProps<T> = {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly name: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
};

/** One of a few values, all of them in sight. */
export function Choice<T extends string | number | null>({
  label,
  options,
  value,
  onChange,
}: ChoiceProps<T>) {
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

/** One of many values; nothing where the library has none. */
export function Pick({ label, options, value, onChange }: PickProps) {
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

/** Any number of categories: known ones from a list, or others that are typed. */
export function Categories({ label, chosen, known, onChange }: CategoriesProps) {
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
