import { ArrowLeft, PanelRight } from 'lucide-react';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { IconButton } from './button.tsx';
import { Drawer } from './dialog.tsx';

/** How many panes stand beside each other: all, all but context, or one at a time. */
export type Fold = 'wide' | 'narrow' | 'single';

interface PanesState {
  fold: Fold;
  /** Shows or hides the context pane: the drawer when folded, the column when wide. */
  toggleContext: () => void;
  isContextShown: boolean;
  /** Goes back to the list where only one pane fits. */
  showInbox: () => void;
}

const PanesContext = createContext<PanesState>({
  fold: 'wide',
  toggleContext: () => {},
  isContextShown: true,
  showInbox: () => {},
});

/** The state of the panes, for keys and buttons inside them. */
export function usePanes(): PanesState {
  return useContext(PanesContext);
}

/** The whole window: rail at the start, panes, status bar below. */
export function DeskFrame({
  rail,
  children,
  statusBar,
}: {
  rail: ReactNode;
  children: ReactNode;
  statusBar: ReactNode;
}) {
  return (
    <div className="grid h-full grid-cols-[3.25rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] gap-px overflow-hidden bg-line text-ink">
      {rail}
      <main className="min-h-0 min-w-0">{children}</main>
      {statusBar}
    </div>
  );
}

/** Where the panes fold, for a width in rem (the rail not counted). 1,180 px of window is 70.5 rem of panes. */
export function foldFor(rem: number): Fold {
  if (rem < 42.6) return 'single';
  return rem < 70.5 ? 'narrow' : 'wide';
}

function useFold(): [Fold, (element: HTMLDivElement | null) => void] {
  const [fold, setFold] = useState<Fold>('wide');
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  useLayoutEffect(() => {
    if (element === null) return;
    const measure = (): void => {
      const width = element.getBoundingClientRect().width;
      // A width of zero means not laid out (a hidden window, a test): keep what is.
      if (width > 0) setFold(foldFor(width / Number.parseFloat(getComputedStyle(document.documentElement).fontSize)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [fold, setElement];
}

/** Widths in px as the person set them. */
export interface PaneWidths {
  inbox: number;
  context: number;
}

export interface PanesProps {
  inbox: ReactNode;
  conversation: ReactNode;
  context: ReactNode;
  labels: { inbox: string; conversation: string; context: string };
  /** Which of the two stands where only one fits. */
  current: 'inbox' | 'conversation';
  onShowInbox: () => void;
  widths?: PaneWidths;
  onWidths?: (widths: PaneWidths) => void;
}

function Resizer({ label }: { label: string }) {
  return (
    <Separator
      aria-label={label}
      className="relative w-px bg-line outline-none after:absolute after:inset-y-0 after:-start-1 after:z-10 after:w-[9px] after:cursor-col-resize data-[separator=active]:bg-accent data-[separator=hover]:bg-line-strong focus-visible:bg-accent focus-visible:outline-2 focus-visible:outline-accent"
    />
  );
}

/** List, conversation and context beside each other; edges can be dragged or moved with arrow keys. */
export function Panes(props: PanesProps) {
  const { inbox, conversation, context, labels, current, onShowInbox, widths, onWidths } = props;
  const { t } = useTranslation('ui');
  const [fold, ref] = useFold();
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [isColumnShown, setColumnShown] = useState(true);
  const sizes = useRef<PaneWidths>(widths ?? { inbox: 316, context: 372 });
  const isWide = fold === 'wide';
  const toggleContext = useCallback(
    () => (isWide ? setColumnShown((shown) => !shown) : setDrawerOpen((open) => !open)),
    [isWide],
  );
  const state = useMemo<PanesState>(
    () => ({ fold, toggleContext, isContextShown: isWide ? isColumnShown : isDrawerOpen, showInbox: onShowInbox }),
    [fold, toggleContext, isWide, isColumnShown, isDrawerOpen, onShowInbox],
  );
  const isInboxShown = fold !== 'single' || current === 'inbox';
  const isConversationShown = fold !== 'single' || current === 'conversation';
  return (
    <PanesContext value={state}>
      <div ref={ref} className="h-full">
        <Group disableCursor onLayoutChanged={() => onWidths?.({ ...sizes.current })} className="h-full">
          {isInboxShown ? (
            <Panel
              id="inbox"
              defaultSize={fold === 'single' ? '100%' : (widths?.inbox ?? '19.75rem')}
              minSize="16.25rem"
              maxSize={fold === 'single' ? '100%' : '26.25rem'}
              groupResizeBehavior={isConversationShown ? 'preserve-pixel-size' : 'preserve-relative-size'}
              onResize={(size) => {
                if (fold !== 'single') sizes.current.inbox = size.inPixels;
              }}
            >
              <Pane label={labels.inbox}>{inbox}</Pane>
            </Panel>
          ) : null}
          {isInboxShown && isConversationShown ? <Resizer label={t('panes.resizeInbox')} /> : null}
          {isConversationShown ? (
            <Panel id="conversation" minSize={fold === 'single' ? '0%' : '26.25rem'}>
              <Pane label={labels.conversation}>{conversation}</Pane>
            </Panel>
          ) : null}
          {isWide && isColumnShown ? (
            <>
              <Resizer label={t('panes.resizeContext')} />
              <Panel
                id="context"
                defaultSize={widths?.context ?? '23.25rem'}
                minSize="18rem"
                maxSize="32rem"
                groupResizeBehavior="preserve-pixel-size"
                onResize={(size) => {
                  sizes.current.context = size.inPixels;
                }}
              >
                <Pane label={labels.context} isScrolling>
                  {context}
                </Pane>
              </Panel>
            </>
          ) : null}
        </Group>
      </div>
      {isWide ? null : (
        <Drawer isOpen={isDrawerOpen} onOpenChange={setDrawerOpen} title={labels.context} isFlush>
          {context}
        </Drawer>
      )}
    </PanesContext>
  );
}

function Pane({ label, children, isScrolling = false }: { label: string; children: ReactNode; isScrolling?: boolean }) {
  return (
    <section
      aria-label={label}
      // A scrolling pane without controls must still be scrollable by keys.
      {...(isScrolling ? { tabIndex: 0 } : {})}
      className={`flex h-full min-w-0 flex-col bg-pane ${isScrolling ? 'ring-focus-inside overflow-y-auto pb-3' : 'overflow-hidden'}`}
    >
      {children}
    </section>
  );
}

export interface PaneHeaderProps {
  title: string;
  /** A control before the title (BackToInbox). */
  leading?: ReactNode;
  /** Facts beside the title. */
  children?: ReactNode;
  /** Controls at the end. */
  actions?: ReactNode;
}

/** The 52 px head of a pane, one row at any width: the title is cut, facts that find no room are left out, last ones first. */
export function PaneHeader({ title, leading, children, actions }: PaneHeaderProps) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-4">
      {leading}
      <h1 dir="auto" title={title} className="m-0 min-w-0 truncate text-lg font-semibold tracking-[-0.01em]">
        {title}
      </h1>
      {/* What does not fit wraps to a second line that nobody sees. */}
      <span
        data-drops=""
        className="flex h-5 min-w-0 flex-[1_1_0] flex-wrap items-center gap-x-2 gap-y-2 overflow-hidden"
      >
        {children}
      </span>
      <span className="flex shrink-0 items-center justify-end gap-2">{actions}</span>
    </header>
  );
}

/** Opens the folded context; nothing where the context stands beside. */
export function ContextToggle({ keyHint }: { keyHint?: string }) {
  const { t } = useTranslation('ui');
  const { fold, toggleContext, isContextShown } = usePanes();
  if (fold === 'wide' && isContextShown) return null;
  return (
    <IconButton
      label={t('panes.showContext')}
      icon={<PanelRight size="1rem" aria-hidden className="rtl:-scale-x-100" />}
      onPress={toggleContext}
      {...(keyHint === undefined ? {} : { keyHint })}
    />
  );
}

/** Back to the list; only where one pane fits. */
export function BackToInbox() {
  const { t } = useTranslation('ui');
  const { fold, showInbox } = usePanes();
  if (fold !== 'single') return null;
  return (
    <IconButton
      label={t('panes.back')}
      icon={<ArrowLeft size="1rem" aria-hidden className="rtl:-scale-x-100" />}
      onPress={showInbox}
    />
  );
}
