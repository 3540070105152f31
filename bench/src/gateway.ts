/** A gateway under test, in a process of its own, with V8 set as the command sets it: `node gateway.ts <setup> <upstream> <log file> [Redis]`. */
import { createGateway } from '@gatewright/core';
import { spareMemory } from '../../core/src/cli/sparing.ts';
import { answerProbes, endProbes } from './probe.ts';
import { SETUPS, type SetupName } from './setups.ts';

const [name, upstream, logFile, redis] = process.argv.slice(2) as [SetupName, string, string, string | undefined];
const gateway = await createGateway(SETUPS[name]({ upstream, logFile, redis }), { cwd: import.meta.dirname });
const { port } = await gateway.listen({ port: 0 });
spareMemory();
answerProbes(port);
process.once('SIGTERM', () => {
  void gateway.close().then(endProbes);
});
