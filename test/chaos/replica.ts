/** A gateway in a process of its own, to be killed: `node replica.ts <settings as JSON>`. */
import { createGateway, stderrLogger } from '@gatewright/core';
import { composition, type Settings } from './composition.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
const gateway = await createGateway(composition(settings), { logger: stderrLogger });
const { port } = await gateway.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`listening ${port}\n`);
process.once('SIGTERM', () => void gateway.close());
