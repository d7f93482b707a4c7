import type { Address } from '#server/db/launch.ts';
import { sql } from '#server/db/sql.ts';
import type { Id } from '#shared/lib/ids.ts';
import { companyPassword } from '#tests/support/sim-company.ts';
import { judge } from './checks.ts';
import type { Findings } from './findings.ts';
import type { History } from './history.ts';
import type { SeenLine } from './message-checks.ts';
import { SimStage } from './sim-stage.ts';

export interface SimResult {
  readonly findings: Findings;
  /** events that happened */
  readonly steps: number;
  /** how long it was in there (ms) */
  readonly elapsed: number;
  readonly written: number;
}

/** Plays a history in a simulated world, lets it heal, and judges what is left. */
export async function runSim(server: Address, history: History): Promise<SimResult> {
  const stage = await SimStage.open(server, history);
  try {
    await stage.play();
    let isQuiet = await stage.heal();
    await openAll(stage);
    isQuiet = (await stage.heal()) && isQuiet;
    const { world } = stage;
    const node = world.upNodes[0];
    if (!node) throw new Error('no hub is up');
    const findings = await judge({
      db: node.db,
      org: world.company.org,
      password: companyPassword,
      desks: stage.desks,
      ledger: stage.ledger,
      pages: world.pages.map(({ name, session }) => ({ name, lines: session.state.items })),
      shown: shownBy(stage),
      leaks: stage.leaks,
      unrest: isQuiet ? '' : stage.unrest(),
    });
    return { findings, steps: world.steps, elapsed: world.time.elapsed, written: stage.ledger.entries.length };
  } finally {
    await stage.close();
  }
}

async function conversations(stage: SimStage): Promise<Id[]> {
  const { world } = stage;
  const rows = await world.upNodes[0]?.db.rows(
    sql<{ id: Id }>`select id from conversations where org = ${world.company.org}::uuid order by id`,
  );
  return (rows ?? []).map((r) => r.id);
}

/** The supervisor opens every conversation, so that each can be looked at as a screen shows it. */
async function openAll(stage: SimStage): Promise<void> {
  for (const conversationId of await conversations(stage))
    await stage.desks[0]?.call('conversation.open', { conversationId });
}

interface Thread {
  readonly items: readonly { kind: string; message?: SeenText; note?: SeenText }[];
}
interface SeenText {
  readonly conversationId: Id;
  readonly order: number | null;
  readonly text: string;
}

/** Every conversation as the supervisor's desk shows it, by the query a screen asks. */
function shownBy(stage: SimStage): Map<Id, SeenLine[]> {
  const shown = new Map<Id, SeenLine[]>();
  const lead = stage.desks[0];
  const heads = lead?.core.desk?.opened.store.read((db) =>
    db.values<Id>(`select distinct id from cache.visible_row where entity = 'head'`),
  );
  for (const id of heads?.ok ? heads.value : []) {
    const lines: SeenLine[] = [];
    for (let before: number | null = null; ; ) {
      const read = lead?.core.query('conversation.thread', { conversationId: id, before, limit: 200 });
      if (!read?.ok) throw new Error(`the thread cannot be read: ${read?.error.code}`);
      const { items, hasEarlier } = read.value as Thread & { hasEarlier: boolean };
      const page = items
        .flatMap(({ message, note }) => message ?? note ?? [])
        .map((m) => ({ conversation: m.conversationId, order: m.order, text: m.text }));
      lines.unshift(...page);
      const first = items.flatMap((i) => [i.message?.order ?? i.note?.order ?? null]).find((o) => o !== null) ?? null;
      if (!hasEarlier || first === null) break;
      before = first;
    }
    shown.set(id, lines);
  }
  return shown;
}
