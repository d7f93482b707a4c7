import type { Address } from '#server/db/launch.ts';
import { sql } from '#server/db/sql.ts';
import type { Head } from '#shared/conversation/model.ts';
import { leadAt } from '#tests/support/sim-company.ts';
import { SimDesk } from '#tests/support/sim-desk.ts';
import type { SimNode } from '#tests/support/sim-hub.ts';
import { SimRandom } from '#tests/support/sim-random.ts';
import { SimWorld } from '#tests/support/sim-world.ts';
import type { Action, Deed, History } from './history.ts';
import { Ledger } from './ledger.ts';

/** The desks by name: one for each person, and a second computer for the first agent. */
const deskPlan = ['lead', 'admin', 'agent0', 'agent1', 'agent2', 'agent0b', 'agent3'];

interface Mine {
  readonly head: Head;
  readonly isOwn: boolean;
}

/** Plays the deeds of a history in a simulated world. */
export class SimStage {
  readonly world: SimWorld;
  readonly ledger = new Ledger();
  readonly desks: SimDesk[] = [];
  /** every word of a note that ever went to a customer's page */
  readonly leaks: string[] = [];
  private readonly history: History;
  private readonly random: SimRandom;
  private readonly copies = new Map<string, { folder: string; entries: number }>();
  private backup: { file: string; isPutBack: boolean } | null = null;
  private readonly disabled = new Set<number>();
  private downMs = 1_000;

  private constructor(world: SimWorld, history: History) {
    this.world = world;
    this.history = history;
    this.random = new SimRandom(history.seed ^ 0x51a6e);
  }

  static async open(server: Address, history: History): Promise<SimStage> {
    const names = deskPlan.slice(0, history.desks);
    const { seed, nodes, pages } = history;
    const world = await SimWorld.create(server, { seed, nodes, pages, desks: names.length });
    const stage = new SimStage(world, history);
    world.onNodeGone = (node) => stage.startLater(node, stage.downMs);
    world.net.onHeard = (wire, from, body) => {
      if (wire.kind === 'visitor' && from === 'node') stage.listen(body);
    };
    for (const [i, name] of names.entries()) {
      const email = `${name.replace(/b$/, '')}@example.org`;
      stage.desks.push(
        new SimDesk(name, email, world, { code: world.company.codes[i] ?? '', seed: stage.random.fork() }),
      );
    }
    for (const desk of stage.desks) {
      const entered = await desk.signIn();
      if (!entered.ok) throw new Error(`${desk.name} cannot sign in: ${entered.error.code}`);
    }
    for (const page of world.pages) void page.session;
    return stage;
  }

  async play(): Promise<void> {
    for (const action of this.history.actions) await this.act(action);
  }

  async act({ then, ...deed }: Action): Promise<void> {
    await this.perform(deed as Deed);
    await this.world.rest();
    await this.world.run(then);
  }

  /** Nothing breaks any more: everything comes back, everybody signs in where it is asked, and all of it comes to rest. */
  async heal(): Promise<boolean> {
    const { world } = this;
    world.offline.clear();
    for (const node of world.nodes) {
      node.fate = () => ({ kind: 'go' });
      node.setWrong(0);
      await world.startNode(node);
    }
    for (const page of world.pages) void page.session;
    for (const desk of this.desks) desk.setWrong(0);
    for (let round = 0; round < 4; round += 1) {
      await world.runUntil(() => this.desks.every((d) => d.isLive || this.isShut(d)), 60_000, this.random.fork());
      for (const desk of this.desks) if (this.isShut(desk)) await this.comeBack(desk);
      await this.allowAgain();
    }
    const isQuiet = await world.runUntil(() => this.isAtRest(), 180_000, this.random.fork());
    // Upkeep, heartbeats and marks have their own pace.
    await world.runUntil(() => false, 8_000, this.random.fork());
    return isQuiet && this.isAtRest();
  }

  isAtRest(): boolean {
    const desks = this.desks.every((d) => d.isLive && d.waiting === 0);
    const pages = this.world.pages.every(
      ({ session: { state } }) =>
        state.link === 'online' && state.items.every((i) => i.state !== 'waiting' && i.state !== 'sending'),
    );
    return desks && pages;
  }

  /** What is in the way of rest, in words. */
  unrest(): string {
    const desks = this.desks
      .filter((d) => !d.isLive || d.waiting > 0)
      .map((d) => `${d.name} ${d.link}, ${d.waiting} waiting`);
    const pages = this.world.pages
      .filter((p) => p.session.state.link !== 'online')
      .map((p) => `${p.name} ${p.session.state.link}`);
    return [...desks, ...pages].join('; ');
  }

  async close(): Promise<void> {
    for (const desk of this.desks) desk.close();
    await this.world.close();
  }

  private listen(body: unknown): void {
    const text = JSON.stringify(body);
    for (const entry of this.ledger.entries)
      if (entry.kind === 'note' && text.includes(entry.token)) this.leaks.push(entry.text);
  }

  private isShut(desk: SimDesk): boolean {
    return desk.link === 'locked' || desk.link.startsWith('dismissed');
  }

  private async comeBack(desk: SimDesk): Promise<void> {
    if (desk.link === 'locked') {
      const opened = await desk.unlock();
      if (opened.ok) return;
    }
    await desk.signIn();
  }

  private async allowAgain(): Promise<void> {
    for (const at of [2, 3]) if (this.disabled.has(at)) await this.setDisabled(at, false);
  }

  private async setDisabled(at: number, isDisabled: boolean): Promise<void> {
    const person = this.world.company.people[at];
    const admin = this.desks[1];
    if (!person || !admin?.isLive) return;
    const done = await admin.call('session.disablePerson', { personId: person.id, isDisabled });
    if (!done.ok) return;
    // Never taken back: a restored past may have it disabled again.
    if (isDisabled) this.disabled.add(at);
  }

  private desk(at: number): SimDesk | null {
    return this.desks[at % this.desks.length] ?? null;
  }

  /** Desks and pages together: whoever can be cut off. */
  private client(at: number): { name: string } | null {
    const all = [...this.desks, ...this.world.pages];
    return all[at % all.length] ?? null;
  }

  private node(at: number) {
    return this.world.nodes[at % this.world.nodes.length];
  }

  /** A conversation this desk shows, own ones first where it matters. */
  private conversation(desk: SimDesk, at: number, wish: 'own' | 'free' | 'any'): Mine | null {
    const open = desk.core.desk;
    const personId = open?.me()?.person.id;
    if (!open || !personId) return null;
    const read = open.opened.store.read((db) =>
      db.all<{ id: string; body: string }>(`select id, body from cache.visible_row where entity = 'head' order by id`),
    );
    if (!read.ok) return null;
    const heads = read.value.map(({ body }) => JSON.parse(body) as Head);
    const all = heads.map((head) => ({ head, isOwn: head.ownerId === personId }));
    const wished = all.filter((m) => (wish === 'own' ? m.isOwn : wish === 'free' ? m.head.ownerId === null : true));
    const from = wished.length > 0 ? wished : all;
    return from[at % Math.max(1, from.length)] ?? null;
  }

  private async perform(deed: Deed): Promise<void> {
    const { world } = this;
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
        return this.setDisabled(2 + (deed.person % 2), true);
      case 'enable':
        return this.allowAgain();
      case 'cut':
      case 'swallow':
      case 'ghost':
      case 'slow':
        return this.onLine(deed.do, deed.client, deed.ms);
      case 'offline':
      case 'online': {
        const name = this.client(deed.client)?.name ?? '';
        if (deed.do === 'online') return void world.offline.delete(name);
        world.offline.add(name);
        for (const wire of world.net.of(name)) wire.cut(this.random);
        return;
      }
      case 'crashHub':
      case 'stopHub':
      case 'holdPage':
      case 'throwOnce':
      case 'hubClock':
        return this.onHub(deed);
      case 'clock': {
        const desk = this.desk(deed.client);
        desk?.setWrong(deed.ms);
        return;
      }
      case 'backUp': {
        const file = await world.backUp();
        if (file !== null) this.backup = { file, isPutBack: this.backup?.isPutBack ?? false };
        return;
      }
      case 'restoreBackup':
        return this.restore();
    }
  }

  private async onPage(what: 'write' | 'readAll' | 'reload', at: number): Promise<void> {
    const page = this.world.pages[at % this.world.pages.length];
    if (!page) return;
    if (what === 'readAll') return page.session.readAll();
    if (what === 'reload') {
      const shown = new Set(page.session.state.items.map((item) => item.text));
      page.kill();
      for (const wire of this.world.net.of(page.name)) wire.died('client', this.random);
      const kept = new Set(page.session.state.items.map((item) => item.text));
      if (this.backup?.isPutBack) await this.excuseForgotten([...shown].filter((text) => !kept.has(text)));
      return;
    }
    const entry = this.ledger.draft('customer', page.name, this.random);
    if (page.session.send(entry.text)) this.ledger.keep(entry);
  }

  /** What only the hub had and a page had been told is safe: when the hub's past is put back and the page forgets it, nobody has it. */
  private async excuseForgotten(texts: readonly string[]): Promise<void> {
    const { company, upNodes } = this.world;
    const known = await upNodes[0]?.db.rows(sql<{ text: string }>`
      select text from messages where org = ${company.org}::uuid and text = any(${texts}::text[])`);
    const atHub = new Set(known?.map((row) => row.text));
    for (const text of texts) {
      const entry = atHub.has(text) ? null : this.ledger.find(text);
      if (entry) entry.excuse = 'only the hub had it, and its past was put back';
    }
  }

  private async onConversation(deed: Extract<Deed, { at: number }>): Promise<void> {
    const desk = this.desk(deed.desk);
    if (!desk || desk.link === 'locked') return;
    const wish =
      deed.do === 'take' ? 'free' : ['reply', 'resolve', 'release', 'move', 'close'].includes(deed.do) ? 'own' : 'any';
    const mine = this.conversation(desk, deed.at, wish);
    if (!mine) return;
    const conversationId = mine.head.id;
    const basis = { lastCustomerOrder: mine.head.lastCustomerOrder };
    switch (deed.do) {
      case 'take':
        desk.command('inbox.take', { conversationId });
        return;
      case 'release':
        desk.command('inbox.release', { conversationId, reason: '' });
        return;
      case 'resolve':
        desk.command('conversation.resolve', { conversationId, resolution: 'answered', comment: '' }, basis);
        return;
      case 'reply':
      case 'note': {
        const entry = this.ledger.draft(deed.do, desk.name, this.random);
        const written = desk.command(
          `conversation.${deed.do}`,
          { conversationId, text: entry.text },
          deed.do === 'reply' ? basis : {},
        );
        if (written.ok) this.ledger.keep(entry);
        return;
      }
      case 'move': {
        const { teams } = this.world.company;
        desk.command('inbox.move', { conversationId, teamId: teams[deed.team % teams.length], reason: '' });
        return;
      }
      case 'seen':
        void desk.core.call('conversation.seen', { conversationId, upTo: mine.head.lastOrder });
        return;
      case 'open':
      case 'close':
        // Not waited for: it is answered in its time, or not at all.
        void desk.core.call(`conversation.${deed.do}`, { conversationId });
        return;
    }
  }

  private async onDesk(
    what: 'sendAgain' | 'giveUp' | 'lock' | 'unlock' | 'crashDesk' | 'losePower' | 'copyDisk' | 'putDiskBack',
    at: number,
  ): Promise<void> {
    const desk = this.desk(at);
    if (!desk) return;
    const copy = this.copies.get(desk.name);
    switch (what) {
      case 'lock':
        return desk.lock();
      case 'unlock':
        return this.comeBackIfShut(desk);
      case 'crashDesk':
        desk.crash();
        return void (await desk.unlock());
      case 'losePower':
        desk.losePower(copy?.folder ?? null);
        return void (await desk.unlock());
      case 'copyDisk':
        this.copies.set(desk.name, { folder: desk.copyDisk(), entries: this.ledger.entries.length });
        return;
      case 'putDiskBack':
        if (!copy) return;
        // What was written since then and had not left this disk is gone with it.
        for (const entry of this.ledger.entries.slice(copy.entries))
          if (entry.author === desk.name) entry.excuse = 'the disk was put back';
        desk.crash(copy.folder);
        return void (await desk.unlock());
      case 'sendAgain':
      case 'giveUp':
        return this.settleRefused(desk, what);
    }
  }

  private async comeBackIfShut(desk: SimDesk): Promise<void> {
    if (this.isShut(desk)) await this.comeBack(desk);
  }

  private async settleRefused(desk: SimDesk, what: 'sendAgain' | 'giveUp'): Promise<void> {
    const read = desk.core.desk?.opened.store.read((db) =>
      db.all<{ n: number; args: string }>(
        `select n, args from main.outbox where state in ('refused', 'held', 'failed') order by at, n limit 5`,
      ),
    );
    if (!read?.ok || read.value.length === 0) return;
    const ns = read.value.map((item) => item.n);
    if (what === 'giveUp') return void (await desk.core.call('session.giveUp', { ns, reason: 'too late' }));
    const sent = await desk.core.call('session.sendAgain', { ns });
    if (!sent.ok) return;
    for (const { args } of read.value) this.ledger.renew(String((JSON.parse(args) as { text?: unknown }).text ?? ''));
  }

  private async regroup(person: number, teams: readonly number[]): Promise<void> {
    const { people, teams: ids } = this.world.company;
    const one = people[person % leadAt];
    const admin = this.desks[1];
    if (!one || !admin?.isLive) return;
    const teamIds = teams.flatMap((i) => ids[i] ?? []);
    await admin.call('session.changePerson', { personId: one.id, name: one.name, role: one.role, teamIds });
  }

  private onLine(what: 'cut' | 'swallow' | 'ghost' | 'slow', at: number, ms: number): void {
    const { world } = this;
    for (const wire of world.net.of(this.client(at)?.name ?? '')) {
      if (what === 'cut') wire.cut(this.random);
      else if (what === 'swallow') world.net.swallow(wire);
      else if (what === 'ghost') wire.ghost(world.time.at + ms);
      else wire.heldUntil = world.time.at + ms;
    }
  }

  private async onHub(deed: Extract<Deed, { node: number }>): Promise<void> {
    const { world } = this;
    const node = this.node(deed.node);
    if (!node?.isUp) return;
    // Pages of several desks are read at once: one desk is meant, or chance would not be the seed's.
    const device = 'desk' in deed ? this.desk(deed.desk)?.core.desk?.deviceId : undefined;
    const once = (point: string, fate: ReturnType<typeof node.fate>): void => {
      node.fate = (at, whose) => {
        if (at !== point || (at === 'page.read' && whose !== device)) return { kind: 'go' };
        node.fate = () => ({ kind: 'go' });
        return fate;
      };
    };
    switch (deed.do) {
      case 'hubClock':
        return node.setWrong(deed.ms);
      case 'throwOnce':
        return once('command.decided', { kind: 'throw' });
      case 'holdPage':
        return once('page.read', { kind: 'wait', ms: deed.ms });
      case 'stopHub':
        await node.stop();
        for (const wire of world.net.to(node.name)) wire.died('node', this.random);
        return this.startLater(node, deed.downMs);
      case 'crashHub':
        this.downMs = deed.downMs;
        if (deed.point !== 'now') return once(deed.point, { kind: 'crash' });
        return world.crashNode(node);
    }
  }

  /** A hub that is down comes back after a while, whatever else happens. */
  private startLater(node: SimNode, ms: number): void {
    this.world.later(ms, () => this.world.startNode(node));
  }

  private async restore(): Promise<void> {
    if (!this.backup) return;
    this.backup = { ...this.backup, isPutBack: true };
    await this.world.restoreBackup(this.backup.file);
    const open = new Set(
      this.world.pages.flatMap((p) => (p.isOpen ? p.session.state.items.map((item) => item.text) : [])),
    );
    const customers = this.ledger.entries.filter((e) => e.kind === 'customer' && !open.has(e.text));
    await this.excuseForgotten(customers.map((e) => e.text));
  }
}
