/** The service `store` of the primary process, as a worker uses it. */
import { GatewayError } from '../errors.ts';
import type { Store } from '../store.ts';
import { unreachable, type RemoteService, type Served, type ServiceLink } from './remote.ts';

/** The methods that take and answer nothing but values. */
const METHODS = [
  'get',
  'find',
  'write',
  'changes',
  'audit',
  'addUsage',
  'rollups',
  'usage',
  'report',
  'epoch',
  'raiseEpoch',
] as const satisfies readonly (keyof Store)[];

const CHANGED = 'changed';

export const remoteStore: RemoteService<Store> = { serve, connect };

function serve(store: Store, tell: (topic: string, value: unknown) => void): Served {
  const unlisten = store.onChange(() => tell(CHANGED, undefined));
  const known = new Set<string>(METHODS);
  return {
    call(method, args) {
      if (!known.has(method)) throw new GatewayError('GW_INTERNAL', `The store has no method "${method}".`);
      return (store[method as 'get'] as (...given: readonly unknown[]) => unknown)(...args);
    },
    close: unlisten,
  };
}

function connect(link: ServiceLink): Store {
  const call =
    (method: string) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      try {
        return await link.call(method, ...args);
      } catch (error) {
        throw unreachable(error, 'GW_STORE_UNAVAILABLE', 'store');
      }
    };
  const methods = Object.fromEntries(METHODS.map((method) => [method, call(method)]));
  return { ...(methods as unknown as Store), onChange: (listener) => link.on(CHANGED, listener) };
}
