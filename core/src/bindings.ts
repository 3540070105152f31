/** The service `bindings`: who made the things that providers keep under ids. */
import type { Awaitable } from './hooks/points.ts';
import type { Identity } from './identity.ts';
import type { Operation } from './operations.ts';

/** Where a thing was made. */
export interface Binding {
  /** The instance id of the provider plugin. */
  readonly provider: string;
  /** `provider/model` of the target. */
  readonly target: string;
  /** The model that the client asked for. */
  readonly model: string;
  readonly operation: Operation;
}

/** Maps (tenant, id of the provider) to where the thing was made. What another tenant made is not found. */
export interface Bindings {
  /** Undefined where nothing is known. May reject with `GW_STORE_UNAVAILABLE`. */
  find(tenant: string, id: string): Awaitable<Binding | undefined>;
  /** Must not throw, and is not waited for. */
  bind(tenant: string, id: string, binding: Binding): void;
  /** The thing is gone. Must not throw. */
  release(tenant: string, id: string): void;
}

/** Whose the things are that somebody makes: the team's, else the user's, else the key's. */
export function tenantOf({ team, user, key }: Pick<Identity, 'team' | 'user' | 'key'>): string {
  if (team !== undefined) return `team:${team}`;
  return user === undefined ? `key:${key}` : `user:${user}`;
}

/** How many things are remembered where no plugin provides the service; the oldest are forgotten. */
const MOST = 100_000;

/** Bindings in the memory of this process: lost when it ends, and not known to other replicas. */
export class MemoryBindings implements Bindings {
  readonly #most: number;
  readonly #known = new Map<string, Binding>();

  constructor(most = MOST) {
    this.#most = most;
  }

  find(tenant: string, id: string): Binding | undefined {
    return this.#known.get(bindingKey(tenant, id));
  }

  bind(tenant: string, id: string, binding: Binding): void {
    const key = bindingKey(tenant, id);
    this.#known.delete(key);
    this.#known.set(key, binding);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value as string);
  }

  release(tenant: string, id: string): void {
    this.#known.delete(bindingKey(tenant, id));
  }
}

/** Ids come from clients: no tenant and id can look like another pair. */
export const bindingKey = (tenant: string, id: string): string => `${tenant.length}:${tenant}${id}`;
