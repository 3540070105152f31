/** What a process under test tells of itself over its IPC channel: its port, its processor time, its memory. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Processor time in microseconds since the process began, and memory in bytes. */
export interface Vitals {
  readonly cpu: number;
  readonly rss: number;
  readonly heapUsed: number;
  /** What lives on V8's heap, and what hangs on it outside: buffers. */
  readonly live: number;
  /** The most that was resident since memory was collected, in bytes; elsewhere than on Linux, since the process began. */
  readonly peak: number;
  /** The longest that the event loop was late since it was asked before, in milliseconds. */
  readonly stall: number;
}

/** How often the loop is looked at, in milliseconds. */
const LOOK = 10;
const delays = monitorEventLoopDelay({ resolution: LOOK });

/** What the parent sends. `collect` runs the garbage collector first, where `--expose-gc` allows it, and forgets the peak. */
export interface ProbeRequest {
  readonly collect: boolean;
  /** Where `profiling.ts` is loaded: starts the profiler, or ends it and writes what it found to the file of this name. */
  readonly profile?: string;
}

/** What the child sends: once that it is ready, then one answer to each request. */
export type ProbeMessage = { readonly port: number } | { readonly vitals: Vitals };

/** Says that this process is ready on `port`, answers probes, and ends when the parent goes. */
export function answerProbes(port: number): void {
  process.on('message', ({ collect }: ProbeRequest) => {
    const stall = Math.max(0, delays.max / 1e6 - LOOK);
    if (collect) {
      (globalThis as { gc?: () => void }).gc?.();
      forgetPeak();
    }
    send({ vitals: { ...vitals(), stall } });
    delays.reset();
  });
  process.on('disconnect', vanish);
  delays.enable();
  send({ port });
}

/** Lets go of the parent, so that this process can end by itself. */
export function endProbes(): void {
  process.off('disconnect', vanish);
  delays.disable();
  process.disconnect();
}

/** The peak of the boot is nobody else's. (https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html) */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Where it cannot be done, the peak may be too high.
  }
}

/** A parent that is gone stops nobody any more. */
function vanish(): void {
  process.kill(process.pid, 'SIGKILL');
}

function vitals(): Omit<Vitals, 'stall'> {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpu: user + system, rss, heapUsed, live: heapUsed + external, peak: process.resourceUsage().maxRSS * 1024 };
}

function send(message: ProbeMessage): void {
  process.send?.(message);
}
