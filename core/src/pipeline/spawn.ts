/** Child exchanges: requests that a plugin makes in the name of the exchange it works on. */
import { GatewayError } from '../errors.ts';
import type { SpawnOptions } from '../exchange.ts';
import { newId } from '../id.ts';
import { LiveExchange } from './live-exchange.ts';
import { runNeutral } from './run.ts';

/** How deep exchanges may spawn: a tool loop that calls a judge that embeds is three. */
export const MAX_DEPTH = 4;

export async function spawnExchange(parent: LiveExchange, request: unknown, options: SpawnOptions): Promise<unknown> {
  if (parent.depth + 1 > MAX_DEPTH) {
    const message = `An exchange spawned exchanges more than ${MAX_DEPTH} levels deep (${options.cause}).`;
    throw new GatewayError('GW_DEPTH', message);
  }
  if (parent.trace !== undefined) {
    const message = `A dry run sends nothing, so a request that is made for another (${options.cause}) gets no answer.`;
    throw new GatewayError('GW_NO_TARGET', message);
  }
  const child = new LiveExchange(parent.kernel, {
    id: newId(parent.kernel.clock.now()),
    operation: options.operation ?? 'chat',
    surface: undefined,
    dialect: undefined,
    headers: {},
    method: parent.method,
    path: parent.path,
    remoteAddress: parent.remoteAddress,
    credential: undefined,
    spawner: spawnExchange,
    parent,
    cause: options.cause,
  });
  child.identity = parent.identity;
  child.replaceRequest({ ...(request as object), stream: false });
  const release =
    options.outlive === true
      ? parent.kernel.outlive(child.abort)
      : parent.onAbort((reason) => child.abort.abort(reason));
  return runNeutral(child, release);
}
