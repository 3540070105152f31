/** `npm run chaos [-- <part of a name>]`: every fault at full length, and what was lost. */
import { performance } from 'node:perf_hooks';
import type { Fault, Verdict } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { startServers, timesAsked, type Servers } from './site.ts';
import { Table } from './table.ts';

const FULL = { load: 10, outage: 30_000 };
const [only = ''] = process.argv.slice(2);
const faults = FAULTS.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
const say = (text: string): void => void process.stdout.write(text);

/** A fault that cannot be carried out has not held. */
async function carryOut({ run }: Fault, servers: Servers): Promise<Verdict> {
  try {
    return await run(servers, FULL);
  } catch (error) {
    return { seen: '', wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

if (faults.length === 0) {
  say(`No fault has "${only}" in its name. These are there:\n${FAULTS.map(({ name }) => `  ${name}\n`).join('')}`);
  process.exitCode = 2;
} else {
  const seconds = FULL.outage / 1000;
  say(`Every fault, with outages of ${seconds} s and ${2 * seconds} s: all of them take some twenty minutes.\n\n`);
  const servers = await startServers();
  const table = new Table(faults.map(({ name }) => name));
  say(table.head);
  for (const fault of faults) {
    say(table.next);
    const [start, before] = [performance.now(), timesAsked()];
    const verdict = await carryOut(fault, servers);
    const [took, asked] = [performance.now() - start, timesAsked() - before];
    say(table.add({ ...verdict, name: fault.name, asked, took }));
  }
  await Promise.all([servers.postgres.stop(), servers.redis.stop()]);
  say(table.sum);
  process.exitCode = table.failed.length === 0 ? 0 : 1;
}
