/** A plugin that ends its process at a named point of an exchange, and knows callers by a header. */
import { atEndOfStep, definePlugin, type Exchange } from '@gatewright/core';
import { z } from 'zod';

/** Where a process can be told to die, by the request's header `x-crash-at`. */
export const CRASH_POINTS = ['reserving', 'answered', 'settling', 'journaled', 'settled', 'recorded'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

function dieAt(point: CrashPoint, exchange: Exchange): void {
  if (exchange.headers['x-crash-at'] === point) process.kill(process.pid, 'SIGKILL');
}

export default definePlugin({
  name: 'chaos-crash',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    const doomed = new Set<string>();
    hooks.auth.tap((exchange) => {
      if (exchange.headers['x-crash-at'] === 'recorded') doomed.add(exchange.id);
      const user = exchange.headers['x-user'];
      return typeof user === 'string' ? { key: 'client', user } : { key: 'client' };
    });
    hooks.meter.reserve.tap(
      (_attempt, exchange) => {
        dieAt('reserving', exchange);
        return undefined;
      },
      { stage: 'late' },
    );
    hooks.transform.response.tap('chat', (response, exchange) => {
      dieAt('answered', exchange);
      return response;
    });
    hooks.meter.settle.tap((_outcome, _attempt, exchange) => dieAt('settling', exchange), { stage: 'early' });
    hooks.meter.settle.tap(
      (_outcome, _attempt, exchange) => {
        atEndOfStep(() => {
          dieAt('journaled', exchange);
          // Who waited for the end of this step goes on before the second of these, and the state is told.
          queueMicrotask(() => queueMicrotask(() => dieAt('settled', exchange)));
        });
      },
      { stage: 'late' },
    );
    hooks.log.tap(({ id }) => {
      if (doomed.has(id)) process.kill(process.pid, 'SIGKILL');
    });
  },
});
