import * as z from 'zod/mini';
import { noteOfAct } from '#server/audit/note.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import { type AppError, badInput, hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { emailSchema, nameSchema, staffRoleSchema } from '#shared/session/model.ts';
import {
  addPersonIn,
  addTeamIn,
  disablePersonIn,
  issueCodeIn,
  resetPasswordIn,
  revokeDeviceIn,
} from './session/accounts.ts';
import * as store from './session/store.ts';
import { type Tool, table } from './tool.ts';
import { addSite } from './widget/sites.ts';

const refuse = (why: string, code = 'hub/bad-arguments'): Result<never> => fail(hubError(code, { params: { why } }));
const day = (at: number | null): string =>
  at === null ? 'never' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');

interface Act {
  readonly act: string;
  readonly subjects: readonly string[];
  readonly rows: readonly RowWrite[];
  readonly persons?: readonly Id[];
  readonly detail?: Record<string, string | number | boolean>;
  readonly conversations?: readonly Id[];
}

/** Commits what was done, in its transaction, with its audit entry. */
async function commit(tool: Tool, tx: WriteTx, made: Act): Promise<void> {
  const { act, subjects, rows, persons, conversations = [], detail } = made;
  const audit = [noteOfAct({ act: `hub.${act}`, actorId: null, subjects, detail: { by: 'command line', ...detail } })];
  const regrant = persons ? { regrant: { persons, conversations } } : {};
  await tool.commit(tx, { org: tool.org, at: tool.clock.now(), cmd: null, rows, audit, ...regrant });
}

async function personByEmail(tool: Tool, tx: WriteTx, email: string): Promise<Result<store.PersonRow>> {
  const person = await store.personByEmail(tx, tool.org, email.trim().toLowerCase());
  return person ? ok(person) : refuse(`nobody has the e-mail address ${email}`, 'session/no-such-person');
}

async function teamIds(tool: Tool, tx: WriteTx, names: readonly string[]): Promise<Result<Id[]>> {
  const known = await store.teams(tx, tool.org);
  const ids: Id[] = [];
  for (const name of names) {
    const team = known.find((t) => t.id === name || t.name.toLowerCase() === name.toLowerCase());
    if (!team) return refuse(`there is no team ${name}`, 'session/no-such-team');
    ids.push(team.id);
  }
  return ok(ids);
}

const newPersonSchema = z.object({ email: emailSchema, name: nameSchema, role: staffRoleSchema });

/** `user list|add|disable|enable|reset` */
export async function userTool(
  tool: Tool,
  [verb, email = '']: readonly string[],
  options: Record<string, string[]>,
): Promise<Result<string[]>> {
  if (verb === 'list') {
    const people = await store.people(tool.db, tool.org);
    const rows = people.map((p) => [
      p.email,
      p.name,
      p.role,
      p.team_names.join(', ') || '-',
      p.is_disabled ? 'disabled' : 'enabled',
      day(p.last_sign_in_at),
    ]);
    return ok(table(['e-mail', 'name', 'role', 'teams', 'state', 'last sign-in'], rows));
  }
  if (verb === 'add') return addUser(tool, email, options);
  if (verb !== 'disable' && verb !== 'enable' && verb !== 'reset') return refuse('user list|add|disable|enable|reset');
  return tool.write(async (tx) => {
    const person = await personByEmail(tool, tx, email);
    if (!person.ok) return person;
    const { id } = person.value;
    const subjects = [`person:${id}`];
    if (verb === 'reset') {
      const reset = await resetPasswordIn(tx, tool.org, id, tool.random);
      if (!reset) return refuse('that person is gone', 'session/no-such-person');
      await commit(tool, tx, { act: 'userReset', subjects, rows: reset.rows });
      return ok([
        `One-time password for ${person.value.email}: ${reset.password}`,
        'A new one is asked for at the next sign-in; every session of theirs has ended.',
      ]);
    }
    const at = { now: tool.clock.now(), mint: tool.mint };
    const done = await disablePersonIn(tx, tool.org, id, verb === 'disable', at);
    const changed = { rows: done?.rows ?? [], persons: [id], conversations: done?.conversations ?? [] };
    await commit(tool, tx, { act: verb === 'disable' ? 'userDisable' : 'userEnable', subjects, ...changed });
    return ok([`${person.value.email} is ${verb}d.`]);
  });
}

async function addUser(tool: Tool, email: string, options: Record<string, string[]>): Promise<Result<string[]>> {
  const asked = { email, name: options['name']?.[0] ?? '', role: options['role']?.[0] ?? 'agent' };
  const parsed = z.safeParse(newPersonSchema, asked);
  if (!parsed.success) return fail(badInput('session/bad-input', parsed.error, 'hub'));
  return tool.write(async (tx) => {
    const teams = await teamIds(tool, tx, options['team'] ?? []);
    if (!teams.ok) return teams;
    const id = tool.mint.next();
    const person = { ...parsed.data, id, teamIds: teams.value, password: null };
    const added = await addPersonIn(tx, tool.org, person, tool.clock.now(), tool.random);
    if (!added.ok) return added;
    const detail = { role: parsed.data.role };
    await commit(tool, tx, {
      act: 'userAdd',
      subjects: [`person:${id}`],
      rows: added.value.rows,
      persons: [id],
      detail,
    });
    return ok([`One-time password for ${parsed.data.email}: ${added.value.password}`]);
  });
}

/** `team list|add` */
export async function teamTool(
  tool: Tool,
  [verb, name = '']: readonly string[],
  options: Record<string, string[]>,
): Promise<Result<string[]>> {
  if (verb === 'list') {
    const teams = await store.teams(tool.db, tool.org);
    return ok(
      table(
        ['team', 'region', 'id'],
        teams.map((t) => [t.name, t.region || '-', t.id]),
      ),
    );
  }
  const parsed = z.safeParse(nameSchema, name);
  if (verb !== 'add' || !parsed.success) return refuse('team list, or team add NAME [--region REGION]');
  return tool.write(async (tx) => {
    const id = tool.mint.next();
    const region = (options['region']?.[0] ?? '').slice(0, 60);
    const rows = [await addTeamIn(tx, tool.org, { id, name: parsed.data, region })];
    await commit(tool, tx, { act: 'teamAdd', subjects: [`team:${id}`], rows });
    return ok([`Team ${parsed.data} is there: ${id}`]);
  });
}

/** `device list|revoke|code` */
export async function deviceTool(tool: Tool, [verb, what = '']: readonly string[]): Promise<Result<string[]>> {
  if (verb === 'list') {
    const devices = await store.devicesOfAll(tool.db, tool.org, what.trim().toLowerCase());
    const rows = devices.map((d) => [
      d.id,
      d.email,
      d.label,
      d.lost > 0 ? `${d.state}, ${d.lost} lost` : d.state,
      day(d.enrolled_at),
      day(d.last_seen_at),
    ]);
    return ok(table(['device', 'e-mail', 'computer', 'state', 'since', 'last seen'], rows));
  }
  if (verb === 'code') {
    return tool.write(async (tx) => {
      const id = tool.mint.next();
      const issued = await issueCodeIn(tx, tool.org, id, tool.clock.now(), tool.random);
      await commit(tool, tx, { act: 'deviceCode', subjects: [`code:${id}`], rows: [] });
      return ok([`Code for one computer, good until ${day(issued.until)} UTC: ${issued.code}`]);
    });
  }
  if (verb !== 'revoke' || !/^[0-9a-f-]{36}$/.test(what))
    return refuse('device list [E-MAIL], device revoke ID, or device code');
  return tool.write(async (tx) => {
    const revoked = await revokeDeviceIn(tx, tool.org, what);
    if (!revoked) return refuse(`there is no device ${what}`, 'session/no-such-device');
    const { personId, rows } = revoked;
    await commit(tool, tx, {
      act: 'deviceRevoke',
      subjects: [`device:${what}`, `person:${personId}`],
      rows,
      persons: [personId],
    });
    return ok([`Device ${what} is revoked: it is wiped at its next contact.`]);
  });
}

/** `site add`: a web site that may show the chat. */
export async function siteTool(
  tool: Tool,
  [verb, key = '']: readonly string[],
  options: Record<string, string[]>,
): Promise<Result<string[]>> {
  if (verb !== 'add') return refuse('site add KEY --name NAME --team TEAM --origin https://… [--origin …]');
  return tool.write(async (tx) => {
    const team = await teamIds(tool, tx, options['team'] ?? []);
    if (!team.ok) return team;
    const wanted = {
      key,
      name: options['name']?.[0] ?? key,
      teamId: team.value[0],
      allowedOrigins: options['origin'] ?? [],
      hours: null,
      awayText: {},
    };
    const { mint, random } = tool;
    const added: Result<{ site: { id: Id }; secret: string }, AppError> = await addSite(tx, tool.org, wanted, {
      mint,
      random,
      now: tool.clock.now(),
    });
    if (!added.ok) return added;
    await commit(tool, tx, { act: 'siteAdd', subjects: [`site:${added.value.site.id}`], rows: [] });
    return ok([
      `Site ${key} is there. Its server signs who a visitor is with this secret, shown once:`,
      added.value.secret,
    ]);
  });
}
