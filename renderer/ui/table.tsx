import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Table as AriaTable,
  Cell,
  Column,
  Row,
  type SortDescriptor,
  TableBody,
  TableHeader,
} from 'react-aria-components';

export interface TableColumn<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** The column that names the row, for screen readers. Exactly one. */
  isRowHeader?: boolean;
  isSortable?: boolean;
  align?: 'start' | 'end';
}

export interface TableSort {
  columnId: string;
  direction: 'ascending' | 'descending';
}

export interface TableProps<T> {
  label: string;
  columns: readonly TableColumn<T>[];
  rows: readonly T[];
  idOf: (row: T) => string;
  /** Opens a row: Enter or a click. */
  onOpen?: (id: string) => void;
  sort?: TableSort;
  onSort?: (sort: TableSort) => void;
  empty: ReactNode;
}

/** Rows and columns for administration. Arrow keys move between cells; the caller sorts. */
export function Table<T>({ label, columns, rows, idOf, onOpen, sort, onSort, empty }: TableProps<T>) {
  const order = sort === undefined ? {} : { sortDescriptor: { column: sort.columnId, direction: sort.direction } };
  const reorder = (next: SortDescriptor): void =>
    onSort?.({ columnId: String(next.column), direction: next.direction });
  return (
    <div className="overflow-x-auto rounded-m border border-line">
      <AriaTable
        aria-label={label}
        {...order}
        onSortChange={reorder}
        {...(onOpen === undefined ? {} : { onRowAction: (key) => onOpen(String(key)) })}
        className="ring-focus-inside w-full border-collapse text-md"
      >
        <TableHeader>
          {columns.map((column) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={column.isRowHeader === true}
              allowsSorting={column.isSortable === true}
              className={`ring-focus-inside cursor-default border-b border-line bg-sunken px-3 py-2 text-sm font-medium whitespace-nowrap text-ink-2 ${column.align === 'end' ? 'text-end' : 'text-start'}`}
            >
              {({ sortDirection }) => (
                <span className="inline-flex items-center gap-1">
                  {column.title}
                  {sortDirection === 'ascending' ? <ChevronUp size="0.75rem" aria-hidden /> : null}
                  {sortDirection === 'descending' ? <ChevronDown size="0.75rem" aria-hidden /> : null}
                </span>
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody renderEmptyState={() => <div className="flex p-4">{empty}</div>}>
          {rows.map((row) => (
            <Row
              key={idOf(row)}
              id={idOf(row)}
              className="ring-focus-inside cursor-default border-b border-line last:border-b-0 hover:bg-hover"
            >
              {columns.map((column) => (
                <Cell
                  key={column.id}
                  className={`ring-focus-inside px-3 py-1.5 align-middle ${column.align === 'end' ? 'num text-end' : ''}`}
                >
                  {column.cell(row)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </AriaTable>
    </div>
  );
}
