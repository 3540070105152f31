/** Loaded into a process under test before anything else: starts and stops its profiler when the parent says so. */
import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import type { ProbeRequest } from './probe.ts';

/** Microseconds between two looks at the stack. */
const INTERVAL = 250;

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: INTERVAL });

// The session answers before `post` returns, and this listener is there before the one that answers probes.
process.on('message', ({ profile }: ProbeRequest) => {
  if (profile === 'start') session.post('Profiler.start');
  else if (profile !== undefined) session.post('Profiler.stop', (failure, answer) => write(profile, failure, answer));
});

function write(file: string, failure: Error | null, { profile }: Profiler.StopReturnType): void {
  if (failure !== null) throw failure;
  writeFileSync(file, JSON.stringify(profile));
}
