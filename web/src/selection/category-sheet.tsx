import { type FormEvent, useState } from 'react';
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

export type CategoryChange = { readonly add: readonly string[] } | { readonly remove: readonly string[] };

type CategorySheetProps = {
  /** Categories of the selected images, and how many have each. */
  readonly counts: ReadonlyMap<string, number>;
  readonly of: number;
  readonly known: readonly string[];
  readonly onChange: (change: CategoryChange) => void;
};

/** Puts categories on the selected images, and takes them off. */
export function CategorySheet({ counts, of, known, onChange }: CategorySheetProps) {
  const [typed, setTyped] = useState('');
  const add = (name: string) => {
    const category = name.trim();
    setTyped('');
    if (category !== '') onChange({ add: [category] });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add(typed);
  };
  const items = known.filter(name => counts.get(name) !== of).map(name => ({ id: name, name }));
  return (
    <form className="category-sheet" onSubmit={submit}>
      <ComboBox
        aria-label={t.addCategory}
        allowsCustomValue
        menuTrigger="focus"
        defaultItems={items}
        inputValue={typed}
        // A comma separates categories in the API's lists, so none can hold one.
        onInputChange={value => setTyped(value.replaceAll(',', ''))}
        onSelectionChange={key => key !== null && add(String(key))}
      >
        <Input className="pill-input" placeholder={t.addCategory} />
        <Button className="visually-hidden">{t.categorize}</Button>
        <Popover className="menu-list" isNonModal placement="top start">
          <ListBox>{(item: { id: string; name: string }) => <ListBoxItem>{item.name}</ListBoxItem>}</ListBox>
        </Popover>
      </ComboBox>
      <div className="pills">
        {[...counts].map(([name, count]) => (
          <Button
            key={name}
            className="pill pill-on"
            aria-label={t.removeCategory(name)}
            onPress={() => onChange({ remove: [name] })}
          >
            {name}
            {count < of && <small>{count}</small>}
            <CloseIcon />
          </Button>
        ))}
      </div>
    </form>
  );
}
