import type { ReactNode } from 'react';
import { tv } from 'tailwind-variants/lite';

export interface CardProps {
  title: string;
  /** A fact beside the title. */
  chip?: ReactNode;
  /** Where it comes from and how old it is ("orders, 40 s ago"), at the end edge. */
  source?: ReactNode;
  children: ReactNode;
}

/** A block of the context pane; only that pane has cards. */
export function Card({ title, chip, source, children }: CardProps) {
  return (
    <section className="mx-3 mt-3 shrink-0 rounded-l border border-line bg-raised">
      <div className="flex min-h-5 flex-wrap items-center gap-x-1.5 gap-y-0.5 px-3.5 pt-2.5">
        <h2 dir="auto" className="m-0 text-sm font-semibold">
          {title}
        </h2>
        {chip}
        {source === undefined ? null : <span className="num ms-auto text-xs/4 text-ink-3">{source}</span>}
      </div>
      <div className="px-3.5 pt-1.5 pb-3 text-sm">{children}</div>
    </section>
  );
}

/** A card that has nothing, in one quiet line; or one whose source failed, saying since when. */
export function CardLine({ title, children }: { title: string; children: ReactNode }) {
  return (
    <p className="mx-3 mt-3 mb-0 flex shrink-0 flex-wrap justify-between gap-x-2 px-3.5 text-sm text-ink-3">
      <span className="font-medium">{title}</span>
      <span>{children}</span>
    </p>
  );
}

/** A heading over rows, with their number. */
export function SectionTitle({ children, count }: { children: ReactNode; count?: number }) {
  return (
    <h3 className="num m-0 flex gap-1.5 px-4 pt-3 pb-1 text-xs font-semibold text-ink-3">
      {children}
      {count === undefined ? null : <span>{count}</span>}
    </h3>
  );
}

export interface Definition {
  /** Stable name of the line. */
  id: string;
  term: string;
  value: ReactNode;
}

/** Names and values. */
export function DefinitionList({ items }: { items: readonly Definition[] }) {
  return (
    <dl className="m-0 mt-1 grid grid-cols-[minmax(5.75rem,auto)_minmax(0,1fr)] gap-x-2.5 gap-y-[5px] text-sm">
      {items.map((item) => (
        <div key={item.id} className="contents">
          <dt className="text-ink-3">{item.term}</dt>
          <dd dir="auto" className="m-0 min-w-0 text-start [overflow-wrap:anywhere]">
            {item.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface Stage {
  id: string;
  label: string;
  state: 'done' | 'late' | 'current' | 'ahead';
}

const stage = tv({
  slots: { bar: 'paint-kept h-1 rounded-xs', word: 'min-w-0 text-xs' },
  variants: {
    state: {
      done: { bar: 'bg-ok', word: 'text-ink-3' },
      late: { bar: 'bg-warn', word: 'font-medium text-warn' },
      current: { bar: 'bg-accent', word: 'font-medium text-ink' },
      ahead: { bar: 'bg-line forced-colors:bg-[GrayText]', word: 'text-ink-3' },
    },
  },
});

/** The stages of an order. `stateWords` say each state, as colour does not speak alone. */
export function StageBar({
  stages,
  stateWords,
}: {
  stages: readonly Stage[];
  stateWords: Record<Stage['state'], string>;
}) {
  return (
    <ol className="m-0 mt-2 mb-1 flex list-none gap-1 p-0">
      {stages.map(({ id, label, state }, at) => (
        <li
          key={id}
          className={`flex min-w-0 flex-1 flex-col gap-1 ${at === 0 ? 'text-start' : at === stages.length - 1 ? 'text-end' : 'text-center'}`}
        >
          <span aria-hidden="true" className={stage({ state }).bar()} />
          <span className={stage({ state }).word()}>
            {label}
            <span className="sr-only">, {stateWords[state]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** How much of an amount is used, 0 to 1, with the words that say it. */
export function Meter({ share, label }: { share: number; label: string }) {
  return (
    <progress
      aria-label={label}
      max={1}
      value={share}
      className="mt-1.5 mb-2 block h-1.5 w-full appearance-none paint-kept overflow-hidden rounded-full bg-line edge-forced [&::-webkit-progress-bar]:bg-line forced-colors:[&::-webkit-progress-bar]:bg-[Canvas] [&::-webkit-progress-value]:bg-accent"
    />
  );
}
