/** The gateway that the gate counts: everything on, in a heap that nothing is collected from until it is told. */
import { createGateway, definePlugin, type Plugin } from '@gatewright/core';
import { z } from 'zod';
import { answerProbes, endProbes } from './probe.ts';
import { SETUPS } from './setups.ts';

/** Costs that a test plants, to see that the gate finds them. */
const wasteful = definePlugin({
  name: 'bench-waste',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ numbers: z.int().describe('How many numbers to make for each request.') }),
  setup({ hooks }, { numbers }) {
    const kept: number[][] = [];
    hooks.route.tap((route) => {
      // Kept for a moment, so that the compiler cannot leave it out.
      kept[0] = Array.from({ length: numbers }, (_, index) => index + 0.5);
      return route;
    });
  },
}) as Plugin;

const [upstream, logFile, waste = '0'] = process.argv.slice(2) as [string, string, string?];
const { plugins = [], ...rest } = SETUPS.everything({ upstream, logFile });
const planted = { use: wasteful, with: { numbers: Number(waste) } };
const config = { ...rest, plugins: waste === '0' ? plugins : [...plugins, planted] };
const gateway = await createGateway(config, { cwd: import.meta.dirname });
const { port } = await gateway.listen({ port: 0 });
answerProbes(port);
process.once('SIGTERM', () => {
  void gateway.close().then(endProbes);
});
