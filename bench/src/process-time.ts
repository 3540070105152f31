/** Processor time of other processes, read from Linux's /proc (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second: `sysconf(_SC_CLK_TCK)`, 100 on every Linux that Node runs on. */
const TICKS = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Microseconds in user and system mode, those of ended children included. */
  readonly time: number;
}

/** Whether {@link processTime} works here. */
export const canReadProcesses: boolean = read('self') !== undefined;

/** Microseconds that a process and all its descendants have used so far, to a hundredth of a second; NaN where that cannot be read. */
export function processTime(pid: number): number {
  if (!canReadProcesses) return Number.NaN;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .filter((one) => one !== undefined);
  const sum = (one: Process): number =>
    all.filter(({ parent }) => parent === one.pid).reduce((total, child) => total + sum(child), one.time);
  return all.filter((one) => one.pid === pid).reduce((total, one) => total + sum(one), 0);
}

/** A process that ended in between is none. */
function read(name: string): Process | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may hold anything; the third field follows the last of them.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, ended = 0, endedSystem = 0] = fields.slice(11, 15);
  const ticks = user + system + ended + endedSystem;
  return { pid: Number.parseInt(text, 10), parent: fields[1] ?? 0, time: (ticks / TICKS) * 1e6 };
}
