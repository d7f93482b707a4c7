/** Which rooms there are and who may import whom: the import law of the house as a table. */

/** The words that name a slice on every floor. A new one needs a reason, given in its README, and a place here. */
export const slices: readonly string[] = (
  'session inbox conversation handoff customer order guide refund breakdown ' +
  'coaching playbook rollout knowledge survey insight escalation privacy audit'
).split(' ');

/**
 * One line of the law. Paths are matched segment by segment from the root as prefixes; `SLICE` is any slice, `SAME` the
 * importer's own slice, `*` any one segment. Packages: `only` lists all that may be imported, `never` what may not.
 */
export interface Law {
  readonly room: string;
  readonly may: readonly string[];
  readonly only?: readonly string[];
  readonly never?: readonly string[];
}

/** Packages that run the same everywhere: no Node, no DOM. */
const pure = ['zod/mini', 'temporal-polyfill'];
const truth = ['server/db', 'server/replica', 'server/jobs', 'server/audit', 'server/config.ts', 'server/context.ts'];
const screenNever = ['node:', 'electron', 'better-sqlite3', 'pg', 'kysely', 'fastify', 'socket.io', 'socket.io-client'];
const coreNever = ['electron', 'react', 'pg', 'kysely', 'fastify', 'socket.io'];
const hubNever = ['electron', 'react', 'react-dom', 'better-sqlite3'];
const mainNever = ['better-sqlite3', 'pg', 'kysely', 'react', 'react-dom', 'socket.io', 'socket.io-client'];

/** The law, most special first: the first line whose room holds a file is the one that binds it. */
export const importLaw: readonly Law[] = [
  { room: 'shared/lib', may: ['shared/lib'], only: pure },
  { room: 'shared/rules', may: ['shared/lib', 'shared/rules'], only: pure },
  { room: 'shared/wire', may: ['shared/lib', 'shared/rules', 'shared/SLICE', 'shared/wire'], only: pure },
  { room: 'shared/ipc', may: ['shared/lib', 'shared/rules', 'shared/SLICE', 'shared/ipc'], only: pure },
  { room: 'shared/registry.ts', may: ['shared/lib', 'shared/SLICE'], only: pure },
  { room: 'shared/SLICE', may: ['shared/lib', 'shared/rules', 'shared/SAME', 'shared/SLICE/model.ts'], only: pure },

  {
    room: 'electron/main',
    may: ['electron/main', 'build/icons', 'shared/ipc', 'shared/lib', 'shared/session'],
    never: mainNever,
  },
  {
    room: 'electron/preload',
    may: ['electron/preload', 'shared/ipc', 'shared/lib', 'shared/session'],
    never: mainNever,
  },
  { room: 'electron/core/sync/merge.ts', may: ['shared'], never: [...coreNever, 'node:', 'better-sqlite3'] },
  { room: 'electron/core/sync/connection.ts', may: ['shared'], never: [...coreNever, 'node:', 'better-sqlite3'] },
  {
    room: 'electron/core/sync',
    may: ['shared', 'electron/core/db', 'electron/core/sync', 'electron/core/SLICE/rows.ts'],
    never: coreNever,
  },
  { room: 'electron/core/db', may: ['shared', 'electron/core/db', 'electron/core/SLICE/rows.ts'], never: coreNever },
  {
    room: 'electron/core/search',
    may: ['shared', 'electron/core/db', 'electron/core/search', 'electron/core/SLICE/rows.ts'],
    never: coreNever,
  },
  { room: 'electron/core/SLICE', may: ['shared', 'electron/core/db', 'electron/core/SAME'], never: coreNever },
  { room: 'electron/core/*.ts', may: ['shared', 'electron/core'], never: coreNever },

  {
    room: 'renderer/features/SLICE',
    may: ['shared', 'renderer/bridge', 'renderer/ui', 'renderer/features/SAME'],
    never: screenNever,
  },
  { room: 'renderer/ui', may: ['shared/lib', 'renderer/ui'], never: screenNever },
  {
    room: 'renderer/bridge',
    may: ['shared/lib', 'shared/ipc', 'shared/registry.ts', 'renderer/bridge'],
    never: screenNever,
  },
  { room: 'renderer/app', may: ['shared', 'renderer'], never: screenNever },

  { room: 'server/db', may: ['shared', ...truth], never: hubNever },
  { room: 'server/replica', may: ['shared', ...truth], never: hubNever },
  { room: 'server/jobs', may: ['shared', ...truth], never: hubNever },
  { room: 'server/socket', may: ['shared', ...truth, 'server/socket', 'server/SLICE/handle.ts'], never: hubNever },
  ...['channels', 'connectors', 'bots', 'widget'].map((edge) => ({
    room: `server/${edge}`,
    may: ['shared', ...truth, `server/${edge}`, 'server/channels', 'server/SLICE/handle.ts'],
    never: hubNever,
  })),
  { room: 'server/SLICE', may: ['shared', ...truth, 'server/SAME', 'server/SLICE/handle.ts'], never: hubNever },
  { room: 'server/*.ts', may: ['shared', 'server'], never: hubNever },

  // The stand-in's own app runs inside Electron.
  { room: 'build/stand-in', may: [] },
  { room: 'build', may: ['build'], never: ['electron', 'react'] },
  { room: 'tests', may: ['shared', 'electron', 'renderer', 'server', 'build', 'tests'] },
];

/** Rooms that are not in the table may exist on these floors when they explain themselves in a README. */
export const guestLaw: readonly Law[] = [
  { room: 'electron/core/*', may: ['shared', 'electron/core/db', 'electron/core/GUEST'], never: coreNever },
  {
    room: 'server/*',
    // The demo company opens a shop with a chat, so a guest may also ask the widget's room.
    may: ['shared', ...truth, 'server/GUEST', 'server/channels', 'server/widget', 'server/SLICE/handle.ts'],
    never: hubNever,
  },
];

/** Whether `pattern` holds `path`; `own` is the importer's slice or guest room, for SAME and GUEST. */
export function matches(pattern: string, path: string, own: string | null = null): boolean {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length > have.length) return false;
  return want.every((part, at) => {
    const segment = have[at] ?? '';
    if (part === 'SLICE') return slices.includes(segment);
    if (part === 'SAME' || part === 'GUEST') return segment === own;
    if (part === '*.ts') return at === have.length - 1;
    return part === '*' ? at < have.length - 1 : part === segment;
  });
}

/** The segment of a path that names its slice, or null when it stands in none. */
export function sliceOf(path: string): string | null {
  const parts = path.split('/');
  const at = parts[0] === 'shared' || parts[0] === 'server' ? 1 : 2;
  const name = parts.length > at + 1 ? (parts[at] ?? null) : null;
  return name !== null && slices.includes(name) ? name : null;
}

/** The law that binds a file: from the table, else that of a guest room; null when no room may stand there. */
export function lawFor(
  path: string,
): { readonly law: Law; readonly own: string | null; readonly isGuest: boolean } | null {
  const law = importLaw.find((line) => matches(line.room, path));
  if (law) return { law, own: sliceOf(path), isGuest: false };
  const guest = guestLaw.find((line) => matches(line.room, path));
  return guest ? { law: guest, own: path.split('/')[guest.room.split('/').length - 1] ?? null, isGuest: true } : null;
}
