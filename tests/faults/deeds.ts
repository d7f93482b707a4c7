import type { Head } from '#shared/conversation/model.ts';
import { leadAt } from '#tests/support/sim-company.ts';
import type { DeskHand, PageHand, Stage } from './hands.ts';
import type { Deed } from './history.ts';

/** The people who may be disabled: agents, by their place in the company. */
const mayBeDisabled = [2, 3];

/** What is done to one desk as a whole. */
type DeskDeed = 'lock' | 'unlock' | 'crashDesk' | 'losePower' | 'copyDisk' | 'putDiskBack' | 'sendAgain' | 'giveUp';

/** Plays deeds on a stage, and keeps in mind what they may cost: an excuse for a message is written down where it arises. */
export class Deeds {
  private readonly stage: Stage;
  private readonly copies = new Map<string, { folder: string; entries: number }>();
  private backup: { file: string; isPutBack: boolean } | null = null;
  private readonly disabled = new Set<number>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async perform(deed: Deed): Promise<void> {
    const { stage } = this;
    switch (deed.do) {
      case 'write':
      case 'readAll':
      case 'reload':
        return this.onPage(deed.do, deed.page);
      case 'take':
      case 'reply':
      case 'note':
      case 'resolve':
      case 'release':
      case 'seen':
      case 'open':
      case 'close':
      case 'move':
        return this.onConversation(deed);
      case 'sendAgain':
      case 'giveUp':
      case 'lock':
      case 'unlock':
      case 'crashDesk':
      case 'losePower':
      case 'copyDisk':
      case 'putDiskBack':
        return this.onDesk(deed.do, deed.desk);
      case 'regroup':
        return this.regroup(deed.person, deed.teams);
      case 'disable':
        return this.setDisabled(mayBeDisabled[deed.person % mayBeDisabled.length] ?? 2, true);
      case 'enable':
        return this.enableAll();
      case 'cut':
      case 'swallow':
      case 'ghost':
      case 'slow':
        return stage.onLine(this.client(deed.client), deed.do, deed.ms);
      case 'offline':
      case 'online':
        return stage.setOffline(this.client(deed.client), deed.do === 'offline');
      case 'crashHub':
      case 'stopHub':
      case 'holdPage':
      case 'throwOnce':
      case 'hubClock':
        return stage.onHub(deed);
      case 'clock':
        return this.setWrong(deed.client, deed.ms);
      case 'backUp': {
        const file = await stage.backUp();
        if (file !== null) this.backup = { file, isPutBack: this.backup?.isPutBack ?? false };
        return;
      }
      case 'restoreBackup':
        return this.restore();
    }
  }

  /** Signs in again where that is what a desk waits for. */
  async comeBack(desk: DeskHand): Promise<void> {
    const link = await desk.link();
    if (link === 'locked' && (await desk.unlock()).ok) return;
    if (link === 'locked' || link.startsWith('dismissed')) await desk.signIn();
  }

  async enableAll(): Promise<void> {
    for (const at of mayBeDisabled) if (this.disabled.has(at)) await this.setDisabled(at, false);
  }

  /** Sends everything again that was refused, held or has failed on a desk. */
  async settleRefused(desk: DeskHand, what: 'sendAgain' | 'giveUp', most = 5): Promise<number> {
    const items = (await desk.attention()).slice(0, most);
    if (items.length === 0) return 0;
    const ns = items.map((item) => item.n);
    if (what === 'giveUp') {
      const given = await desk.call('session.giveUp', { ns, reason: 'too late' });
      for (const { text } of items) {
        const entry = given.ok && text !== null ? this.stage.ledger.find(text) : null;
        if (entry) entry.excuse = 'the person gave it up';
      }
      return items.length;
    }
    const sent = await desk.call('session.sendAgain', { ns });
    for (const { text } of items) if (sent.ok && text !== null) this.stage.ledger.renew(text);
    return sent.ok ? items.length : 0;
  }

  private desk(at: number): DeskHand | null {
    return this.stage.desks[at % this.stage.desks.length] ?? null;
  }

  private get admin(): DeskHand | null {
    return this.stage.desks[1] ?? null;
  }

  /** Desks and pages together: whoever can be cut off. */
  private client(at: number): string {
    const all = [...this.stage.desks, ...this.stage.pages];
    return all[at % all.length]?.name ?? '';
  }

  private async setWrong(at: number, ms: number): Promise<void> {
    const { desks, pages } = this.stage;
    const place = at % (desks.length + pages.length);
    if (place < desks.length) await desks[place]?.setWrong(ms);
    else pages[place - desks.length]?.setWrong(ms);
  }

  private async onPage(what: 'write' | 'readAll' | 'reload', at: number): Promise<void> {
    const { pages, ledger, random } = this.stage;
    const page: PageHand | undefined = pages[at % pages.length];
    if (!page) return;
    if (what === 'readAll') return page.readAll();
    if (what === 'reload') {
      const shown = page.lines.map((line) => line.text);
      page.reload();
      const kept = new Set(page.lines.map((line) => line.text));
      if (this.backup?.isPutBack) await this.excuseForgotten(shown.filter((text) => !kept.has(text)));
      return;
    }
    const entry = ledger.draft('customer', page.name, random);
    if (page.send(entry.text)) ledger.keep(entry);
  }

  /** What only the hub had and a page had been told is safe: when the hub's past is put back and the page forgets it, nobody has it. */
  private async excuseForgotten(texts: readonly string[]): Promise<void> {
    const atHub = await this.stage.known(texts);
    for (const text of texts) {
      const entry = atHub.has(text) ? null : this.stage.ledger.find(text);
      if (entry) entry.excuse = 'only the hub had it, and its past was put back';
    }
  }

  private async onConversation(deed: Extract<Deed, { at: number }>): Promise<void> {
    const { ledger, random, company } = this.stage;
    const desk = this.desk(deed.desk);
    const head = desk ? await chosen(desk, deed.do, deed.at) : null;
    if (!desk || !head) return;
    const conversationId = head.id;
    const basis = { lastCustomerOrder: head.lastCustomerOrder };
    const give = async (
      kind: string,
      more: Record<string, unknown> = {},
      on: Record<string, number> = {},
    ): Promise<boolean> => (await desk.command(kind, { conversationId, ...more }, on)).ok;
    switch (deed.do) {
      case 'take':
        await give('inbox.take');
        return;
      case 'release':
        await give('inbox.release', { reason: '' });
        return;
      case 'resolve':
        await give('conversation.resolve', { resolution: 'answered', comment: '' }, basis);
        return;
      case 'reply':
      case 'note': {
        const entry = ledger.draft(deed.do, desk.name, random);
        const isKept = await give(`conversation.${deed.do}`, { text: entry.text }, deed.do === 'reply' ? basis : {});
        if (isKept) ledger.keep(entry);
        return;
      }
      case 'move':
        await give('inbox.move', { teamId: company.teams[deed.team % company.teams.length], reason: '' });
        return;
      case 'seen':
        return desk.ask('conversation.seen', { conversationId, upTo: head.lastOrder });
      case 'open':
      case 'close':
        return desk.ask(`conversation.${deed.do}`, { conversationId });
    }
  }

  private async onDesk(what: DeskDeed, at: number): Promise<void> {
    const desk = this.desk(at);
    if (!desk) return;
    const copy = this.copies.get(desk.name);
    switch (what) {
      case 'lock':
        return desk.lock();
      case 'unlock':
        return this.comeBack(desk);
      case 'crashDesk':
        await desk.crash(null);
        await desk.unlock();
        return;
      case 'losePower':
        await desk.losePower(copy?.folder ?? null);
        await desk.unlock();
        return;
      case 'copyDisk':
        this.copies.set(desk.name, { folder: await desk.copyDisk(), entries: this.stage.ledger.entries.length });
        return;
      case 'putDiskBack':
        if (copy) await this.putDiskBack(desk, copy);
        return;
      case 'sendAgain':
      case 'giveUp':
        await this.settleRefused(desk, what);
    }
  }

  private async putDiskBack(desk: DeskHand, copy: { folder: string; entries: number }): Promise<void> {
    // What was written since then and had not left this disk is gone with it.
    for (const entry of this.stage.ledger.entries.slice(copy.entries)) {
      if (entry.author === desk.name) entry.excuse = 'the disk was put back';
    }
    await desk.crash(copy.folder);
    await desk.unlock();
  }

  private async regroup(person: number, teams: readonly number[]): Promise<void> {
    const { people, teams: ids } = this.stage.company;
    const one = people[person % leadAt];
    if (!one || (await this.admin?.link()) !== 'live') return;
    const teamIds = teams.flatMap((i) => ids[i] ?? []);
    await this.admin?.call('session.changePerson', { personId: one.id, name: one.name, role: one.role, teamIds });
  }

  private async setDisabled(at: number, isDisabled: boolean): Promise<void> {
    const person = this.stage.company.people[at];
    if (!person || (await this.admin?.link()) !== 'live') return;
    await this.admin?.call('session.disablePerson', { personId: person.id, isDisabled });
    // Never taken back: a restored past may have it disabled again.
    this.disabled.add(at);
  }

  private async restore(): Promise<void> {
    if (!this.backup) return;
    this.backup = { ...this.backup, isPutBack: true };
    await this.stage.restoreBackup(this.backup.file);
    const open = new Set(this.stage.pages.flatMap((page) => page.lines.map((line) => line.text)));
    const gone = this.stage.ledger.entries.filter((e) => e.kind === 'customer' && !open.has(e.text));
    await this.excuseForgotten(gone.map((e) => e.text));
  }
}

const ownFirst = new Set(['reply', 'resolve', 'release', 'move', 'close']);

/** A conversation this desk shows: own ones first where a deed needs that, free ones first to be taken. */
async function chosen(desk: DeskHand, what: string, at: number): Promise<Head | null> {
  const view = await desk.view();
  if (!view) return null;
  const { personId, heads } = view;
  const wished = heads.filter((h) =>
    what === 'take' ? h.ownerId === null : !ownFirst.has(what) || h.ownerId === personId,
  );
  const from = wished.length > 0 ? wished : heads;
  return from[at % Math.max(1, from.length)] ?? null;
}
