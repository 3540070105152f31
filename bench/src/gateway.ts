/** A gateway under test, in a process of its own: `node gateway.ts <setup> <upstream> <log file> [Redis]`. */
import { createGateway } from '@gatewright/core';
import { answerProbes, endProbes } from './probe.ts';
import { SETUPS, type SetupName } from './setups.ts';

const [name, upstream, logFile, redis] = process.argv.slice(2) as [SetupName, string, string, string | undefined];
const gateway = await createGateway(SETUPS[name]({ upstream, logFile, redis }), { cwd: import.meta.dirname });
const { port } = await gateway.listen({ port: 0 });
answerProbes(port);
process.once('SIGTERM', () => {
  void gateway.close().then(endProbes);
});
