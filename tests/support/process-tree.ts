import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What /proc tells of a desk's processes (Linux only, as the machines that run the tests are). */

type Seen = { readonly pid: number; readonly parent: number; readonly command: string };

function readProcess(pid: number): Seen | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return { pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    return null;
  }
}

/** Every living process below `root`, itself included. */
export function treeOf(root: number): Seen[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((seen) => seen !== null);
  const inside = new Set([root]);
  for (let grown = true; grown; ) {
    const more = all.filter(({ pid, parent }) => inside.has(parent) && !inside.has(pid));
    for (const { pid } of more) inside.add(pid);
    grown = more.length > 0;
  }
  return all.filter(({ pid }) => inside.has(pid));
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when none of the processes is alive (an unreaped dead one counts as gone); fails after 5 s. */
export async function allGone(pids: readonly number[]): Promise<void> {
  for (const end = performance.now() + 5_000; pids.some(isAlive); ) {
    if (performance.now() > end) throw new Error(`still alive: ${pids.filter(isAlive).join(' ')}`);
    await new Promise((wait) => setTimeout(wait, 5));
  }
}

/** The core's process id below a desk's main process, or null while it is down. */
export function coreOf(main: number): number | null {
  return treeOf(main).find(({ command }) => command.includes('--utility-sub-type=node.mojom.NodeService'))?.pid ?? null;
}

/** The process id of the page's renderer below a desk's main process. */
export function rendererOf(main: number): number | null {
  return treeOf(main).find(({ command }) => command.includes('--type=renderer'))?.pid ?? null;
}

/** How the kernel fences a process: its seccomp mode (2 = filter), user id and namespaces. */
export function fenceOf(pid: number): { seccomp: number; uid: number; userNamespace: string; netNamespace: string } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    seccomp: Number(/^Seccomp:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    userNamespace: readlinkSync(`/proc/${pid}/ns/user`),
    netNamespace: readlinkSync(`/proc/${pid}/ns/net`),
  };
}

/** Whether a promise settles within the limit. */
export async function endsWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  const isInTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}
