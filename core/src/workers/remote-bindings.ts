/** Bindings that the primary process keeps in memory, as a worker uses them. */
import type { Binding, Bindings } from '../bindings.ts';
import type { RemoteService } from './remote.ts';

export const remoteBindings: RemoteService<Bindings> = {
  serve(bindings) {
    return {
      call: (method, args) => (bindings[method as 'find'] as (...given: readonly unknown[]) => unknown)(...args),
      close: () => undefined,
    };
  },
  connect(link) {
    const send = (method: string, ...args: readonly unknown[]): void => {
      // Where the primary is gone, nobody asks for a binding any more.
      link.call(method, ...args).catch(() => undefined);
    };
    return {
      find: (tenant, id) => link.call<Binding | undefined>('find', tenant, id),
      bind: (tenant, id, binding) => send('bind', tenant, id, binding),
      release: (tenant, id) => send('release', tenant, id),
    };
  },
};
