/** What a process under test tells of itself over its IPC channel: its port, its processor time, its memory. */

/** Processor time in microseconds since the process began, and memory in bytes. */
export interface Vitals {
  readonly cpu: number;
  readonly rss: number;
  readonly heapUsed: number;
}

/** What the parent sends. `collect` runs the garbage collector first, where `--expose-gc` allows it. */
export interface ProbeRequest {
  readonly collect: boolean;
}

/** What the child sends: once that it is ready, then one answer to each request. */
export type ProbeMessage = { readonly port: number } | { readonly vitals: Vitals };

/** Says that this process is ready on `port`, answers probes, and ends when the parent goes. */
export function answerProbes(port: number): void {
  process.on('message', ({ collect }: ProbeRequest) => {
    if (collect) (globalThis as { gc?: () => void }).gc?.();
    send({ vitals: vitals() });
  });
  process.on('disconnect', vanish);
  send({ port });
}

/** Lets go of the parent, so that this process can end by itself. */
export function endProbes(): void {
  process.off('disconnect', vanish);
  process.disconnect();
}

/** A parent that is gone stops nobody any more. */
function vanish(): void {
  process.kill(process.pid, 'SIGKILL');
}

function vitals(): Vitals {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: user + system, rss, heapUsed };
}

function send(message: ProbeMessage): void {
  process.send?.(message);
}
