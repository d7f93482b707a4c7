import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { noteOfAct } from '#server/audit/note.ts';
import { verifyStoredChain } from '#server/audit/verify.ts';
import { hubError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';
import type { Config } from './config.ts';
import { backup } from './db/backup.ts';
import { restore } from './db/restore.ts';
import { hasDatabase } from './db/running.ts';
import type { Db } from './db/tx.ts';
import { isInUse } from './replica/notify.ts';
import { verifyStream } from './replica/verify.ts';
import { orgs, takeAnyTokenOnce } from './session/handle.ts';
import { openForTool, type Tool, toolOf } from './tool.ts';
import { deviceTool, siteTool, teamTool, userTool } from './tool-people.ts';

export const usage = `Fairlead hub

  npm run hub                                run the hub (-- --demo: with the demo company)
  npm run hub -- user list
  npm run hub -- user add E-MAIL --name NAME [--role agent|supervisor|super-user|operations|admin] [--team TEAM]...
  npm run hub -- user disable|enable|reset E-MAIL
  npm run hub -- team list
  npm run hub -- team add NAME [--region REGION]
  npm run hub -- device list [E-MAIL]
  npm run hub -- device revoke ID
  npm run hub -- device code                 a one-time code for one computer
  npm run hub -- site add KEY --name NAME --team TEAM --origin https://shop.example...
  npm run hub -- backup FILE                 while the hub runs or not
  npm run hub -- restore FILE [--force]      the hub must be stopped; --force throws away what is there
  npm run hub -- verify                      audit chain and stream; ends with 1 when one is broken

It works on the hub the environment names (FAIRLEAD_DATA_DIR or FAIRLEAD_DATABASE_URL, see server/README.md), running or not.
`;

type Say = (line: string) => void;

const options = {
  name: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  team: { type: 'string', multiple: true },
  region: { type: 'string', multiple: true },
  origin: { type: 'string', multiple: true },
  force: { type: 'boolean' },
} as const;

interface Asked {
  readonly words: readonly string[];
  readonly lists: Record<string, string[]>;
  readonly isForced: boolean;
}

function parse(argv: readonly string[]): Result<Asked> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const { force, ...lists } = values;
    return ok({ words: positionals, lists: { ...lists } as Record<string, string[]>, isForced: force === true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(hubError('hub/bad-arguments', { params: { why: `${why} (see --help)` } }));
  }
}

const refuse = (code: string, why: string): Result<never> => fail(hubError(code, { params: { why } }));

/** Does one act of the command line; answers the exit code. Every act that changes something, or takes data out, is audited. */
export async function runTool(config: Config, argv: readonly string[], say: Say): Promise<Result<number>> {
  const asked = parse(argv);
  if (!asked.ok) return asked;
  const [noun = '', ...rest] = asked.value.words;
  const isKnown = ['user', 'team', 'device', 'site', 'backup', 'restore', 'verify'].includes(noun);
  if (!isKnown) return refuse('hub/bad-arguments', `there is no ${noun} (see --help)`);
  if (noun !== 'restore' && !config.databaseUrl && !(await hasDatabase(join(config.dataDir, 'postgres')))) {
    return refuse('hub/no-database', `there is no hub in ${config.dataDir} yet: start one, or set FAIRLEAD_DATA_DIR`);
  }
  const opened = await openForTool(config, systemClock);
  if (!opened.ok) return opened;
  const db = opened.value;
  try {
    if (noun === 'restore') return await restoreTool(db, rest[0], asked.value.isForced, say);
    const [org] = await orgs(db);
    if (!org) return refuse('hub/no-organisation', 'the hub was never started on this database');
    const tool = toolOf(db, org.id, systemClock);
    if (noun === 'verify') return ok(await verifyTool(db, say));
    if (noun === 'backup') return await backupTool(tool, rest[0], say);
    const tools = { user: userTool, team: teamTool, device: deviceTool, site: siteTool };
    const done = await tools[noun as keyof typeof tools](tool, rest, asked.value.lists);
    if (!done.ok) return done;
    for (const line of done.value) say(line);
    return ok(0);
  } finally {
    await db.close();
  }
}

async function note(tool: Tool, act: string, detail: Record<string, string | number>): Promise<void> {
  await tool.write(async (tx) => {
    const audit = [noteOfAct({ act, actorId: null, detail: { by: 'command line', ...detail } })];
    await tool.commit(tx, { org: tool.org, at: tool.clock.now(), cmd: null, rows: [], audit });
    return ok([]);
  });
}

async function backupTool(tool: Tool, file: string | undefined, say: Say): Promise<Result<number>> {
  if (!file) return refuse('hub/bad-arguments', 'backup FILE');
  const made = await backup(tool.db, resolve(file), tool.clock);
  const rows = made.tables.reduce((sum, t) => sum + t.rows, 0);
  await note(tool, 'hub.backup', { rows, tables: made.tables.length });
  say(
    `${rows} rows of ${made.tables.length} tables are in ${resolve(file)}. It holds personal data: keep it where nobody else reads.`,
  );
  return ok(0);
}

async function restoreTool(db: Db, file: string | undefined, isForced: boolean, say: Say): Promise<Result<number>> {
  if (!file) return refuse('hub/bad-arguments', 'restore FILE [--force]');
  const guard = await db.connect();
  try {
    // Held until this is done: a hub that starts meanwhile waits.
    if (await isInUse(guard)) return refuse('hub/in-use', 'a hub runs on this database: stop it first');
    const restored = await restore(db, resolve(file), { clock: systemClock, isForced });
    if (!restored.ok) return restored;
    for (const { id } of await orgs(db)) {
      const tool = toolOf(db, id, systemClock);
      await tool.write((tx) => takeAnyTokenOnce(tx, id).then(() => ok([])));
      await note(tool, 'hub.restore', { madeAt: restored.value.madeAt });
    }
    say(
      `Restored as it was on ${new Date(restored.value.madeAt).toISOString()}. Desks that know more offer it again when they come.`,
    );
    return ok(0);
  } finally {
    await guard.end();
  }
}

async function verifyTool(db: Db, say: Say): Promise<number> {
  let broken = 0;
  for (const { id, name } of await orgs(db)) {
    const chain = await verifyStoredChain(db, id);
    const stream = await verifyStream(db, id);
    broken += chain.faults.length + stream.length;
    say(`${name}: audit chain of ${chain.entries} entries ${chain.faults.length === 0 ? 'is whole' : 'is BROKEN'}`);
    for (const { chainNo, fault } of chain.faults) say(`  entry ${chainNo}: ${fault}`);
    say(`${name}: stream ${stream.length === 0 ? 'is whole' : 'is BROKEN'}`);
    for (const { fault, count, example } of stream) say(`  ${fault}: ${count}, for example ${example}`);
  }
  return broken === 0 ? 0 : 1;
}
