/** `npm run chaos`: every fault at full length, and what was lost. */
import { performance } from 'node:perf_hooks';
import { FAULTS } from './faults/index.ts';
import { startServers } from './site.ts';

const FULL = { load: 10, outage: 30_000 };
const [only] = process.argv.slice(2);
const faults = FAULTS.filter(({ name }) => only === undefined || name.includes(only));
const width = Math.max(...faults.map(({ name }) => name.length));
const servers = await startServers();
let failed = 0;
process.stdout.write(`\n${'fault'.padEnd(width)}  verdict  what happened\n`);
for (const { name, run } of faults) {
  const start = performance.now();
  const { seen, wrong } = await run(servers, FULL);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (wrong.length > 0) failed++;
  process.stdout.write(
    `${name.padEnd(width)}  ${wrong.length === 0 ? 'held   ' : 'FAILED '}  ${seen} (${seconds} s)\n`,
  );
  for (const one of wrong) process.stdout.write(`${' '.repeat(width)}           ${one}\n`);
}
await Promise.all([servers.postgres.stop(), servers.redis.stop()]);
process.stdout.write(`\n${faults.length - failed} of ${faults.length} faults held; nothing was lost in those.\n`);
process.exitCode = failed === 0 ? 0 : 1;
