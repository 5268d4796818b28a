import { createSortedRowModel, rowSortingFeature, sortFn_alphanumeric, sortFn_basic, tableFeatures, useTable, type ColumnDef, type RowData } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';

import { Icon } from './Icon';
import { Bone } from './states';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/** A column of a table of rows. */
export interface Column<Row> {
  id: string;
  head: ReactNode;
  /** A share of the table's width, or a CSS length. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by; without it the column cannot be sorted here. Rows without a value are last. */
  by?: (row: Row) => string | number | null | undefined;
  /** The first press sorts the greatest to the top. */
  greatestFirst?: boolean;
  kind?: 'number' | 'wide-only' | 'number wide-only' | 'tight';
  /** The cell names the row. */
  names?: boolean;
}

export interface Sort {
  id: string;
  desc: boolean;
}

/** The order that the address asks for: `sort=name`, `sort=-severity`. */
export function useSort(standard: Sort | null): [Sort | null, (sort: Sort) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('sort');
  const sort = asked ? { id: asked.replace(/^-/, ''), desc: asked.startsWith('-') } : standard;
  return [sort, ({ id, desc }) => setSearch((old) => {
    const next = new URLSearchParams(old);
    next.set('sort', `${desc ? '-' : ''}${id}`);
    return next;
  }, { replace: true })];
}

const rowHeight = 45;

/**
 * A table of any number of rows, of which only those in view are in the page. It
 * is sorted by the address's `sort`: here, or by whoever gives the rows where
 * `sortable` names the columns that they can be sorted by.
 */
export function Table<Row extends RowData>({ label, columns, rows, idOf, standard = null, sortable, total, more, busy }: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  standard?: Sort | null;
  sortable?: readonly string[];
  /** How many rows there are, those that have not come yet included. */
  total?: number;
  /** Asks for more rows; called when the last ones come into view. */
  more?: (() => void) | undefined;
  busy?: boolean;
}) {
  const [sort, setSort] = useSort(standard);
  const definitions = useMemo(() => columns.map(({ id, by, greatestFirst = false }): ColumnDef<typeof features, Row> => ({
    id,
    accessorFn: (row) => by?.(row) ?? undefined,
    enableSorting: Boolean(by),
    sortDescFirst: greatestFirst,
    sortUndefined: 'last',
  })), [columns]);
  const sorting = useMemo(() => (sort && !sortable ? [sort] : []), [sort?.id, sort?.desc, sortable]);
  const table = useTable({ features, columns: definitions, data: rows, state: { sorting }, getRowId: idOf, manualSorting: Boolean(sortable) });
  const sorted = table.getRowModel().rows;

  const place = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (place.current) setMargin(place.current.getBoundingClientRect().top + scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const missing = more ? Math.min(Math.max((total ?? 0) - sorted.length, 0), 20) : 0;
  const virtual = useWindowVirtualizer({
    count: sorted.length + missing,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
    // By place and not by row: with other rows, such as those of the next document, heights and focus stay.
    getItemKey: (index) => index,
  });
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const above = first ? first.start - margin : 0;
  const below = last ? virtual.getTotalSize() - (last.end - margin) : 0;

  const wanted = Boolean(more) && !busy && last !== undefined && last.index >= sorted.length - 10;
  useEffect(() => {
    if (wanted) more?.();
  }, [wanted, more]);

  return (
    <div className="table-place" ref={place}>
      <table className={columns.filter(({ kind }) => !kind?.includes('wide-only')).length > 3 ? undefined : 'few'} aria-label={label} aria-rowcount={(total ?? sorted.length) + 1} aria-busy={busy ?? false}>
        <colgroup>{columns.map(({ id, width, kind }) => <col key={id} style={{ width }} className={kind} />)}</colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => {
              const { id, head, by, kind, greatestFirst = false } = column;
              const here = sort?.id === id;
              const can = sortable ? sortable.includes(id) : Boolean(by);
              if (!can) return <th key={id} scope="col" className={kind}>{head}</th>;
              return (
                <th key={id} scope="col" className={kind} aria-sort={here ? (sort.desc ? 'descending' : 'ascending') : 'none'}>
                  <button type="button" onClick={() => setSort({ id, desc: here ? !sort.desc : greatestFirst })}>
                    {head}
                    <span className="sort-mark">{here && <Icon name={sort.desc ? 'down' : 'up'} />}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" className="gap"><td style={{ height: above }} /></tr>}
          {items.map(({ index, key }) => {
            const row = sorted[index]?.original;
            return (
              <tr key={String(key)} data-index={index} ref={virtual.measureElement} aria-rowindex={index + 2}>
                {columns.map(({ id, kind, cell, names }) => {
                  const content = row === undefined ? <Bone width="70%" /> : cell(row);
                  return names ? <th key={id} scope="row" className={kind}>{content}</th> : <td key={id} className={kind}>{content}</td>;
                })}
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden="true" className="gap"><td style={{ height: below }} /></tr>}
        </tbody>
      </table>
    </div>
  );
}
