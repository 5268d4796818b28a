import { useEffect, useState, type ReactNode } from 'react';
import { Input, Label, SearchField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useSearchParams } from 'wouter';

import { Icon } from './Icon';

/** A part of the address's query, and what changes it without a new entry in the history; "" removes it. */
export function useParam(name: string, standard = ''): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  return [search.get(name) ?? standard, (value) => setSearch((old) => {
    const next = new URLSearchParams(old);
    if (value === standard) next.delete(name);
    else next.set(name, value);
    return next;
  }, { replace: true })];
}

/** A value that follows another when that has stood still for 250 ms. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The bar above a table. */
export function Filters({ label, children }: { label: string; children: ReactNode }) {
  return <div className="filters" role="search" aria-label={label}>{children}</div>;
}

/** Narrows a list by a text of the address's query. */
export function TextFilter({ name, label, placeholder }: { name: string; label: string; placeholder: string }) {
  const [value, setValue] = useParam(name);
  return (
    <SearchField className="text-filter" value={value} onChange={setValue}>
      <Label className="hidden">{label}</Label>
      <Icon name="search" />
      <Input placeholder={placeholder} />
    </SearchField>
  );
}

/** One of a few choices of the address's query. */
export function Choice({ name, label, choices }: { name: string; label: string; choices: readonly (readonly [string, string])[] }) {
  const [value, setValue] = useParam(name);
  return (
    <ToggleButtonGroup
      className="choice" aria-label={label} selectionMode="single" disallowEmptySelection
      selectedKeys={[value || 'all']} onSelectionChange={(keys) => { const [key] = keys; setValue(key === 'all' ? '' : String(key)); }}
    >
      {choices.map(([key, text]) => <ToggleButton key={key} id={key || 'all'}>{text}</ToggleButton>)}
    </ToggleButtonGroup>
  );
}

/** One of many choices of the address's query. */
export function Pick({ name, label, all, choices }: { name: string; label: string; all: string; choices: readonly (readonly [string, string])[] }) {
  const [value, setValue] = useParam(name);
  return (
    <span className="pick">
      <select aria-label={label} value={value} onChange={(event) => setValue(event.target.value)}>
        <option value="">{all}</option>
        {choices.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
      <Icon name="down" />
    </span>
  );
}
