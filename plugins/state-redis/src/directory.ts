/** Which ledger the counters of a scope are in: decided once by whoever names it first, and remembered. */
import type { RedisLedger } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';

/** How many scopes are remembered in the process; Redis remembers all. */
const MOST = 100_000;

/** The kinds of scopes that belong to a tenant, the largest first. All others have a ledger of their own. */
const TENANTS = ['organisation:', 'team:', 'user:', 'key:'];

export class Directory {
  readonly #home: () => RedisLedger;
  readonly #tags = new Map<string, string>();

  /** `home` is the ledger that keeps the directory. */
  constructor(home: () => RedisLedger) {
    this.#home = home;
  }

  /** All that is remembered here. */
  get size(): number {
    return this.#tags.size;
  }

  /** The tags of scopes, in their order. Scopes that nobody has named yet are put with the largest tenant among them. */
  async find(scopes: readonly string[]): Promise<readonly string[]> {
    const unknown = [...new Set(scopes.filter((scope) => !this.#tags.has(scope)))];
    if (unknown.length > 0) await this.#resolve(unknown, tenantOf(scopes));
    return scopes.map((scope) => this.#tags.get(scope) ?? scope);
  }

  /** Tells the directory again what is remembered here: it was lost. */
  async restore(): Promise<void> {
    const all = [...this.#tags];
    this.#tags.clear();
    for (let from = 0; from < all.length; from += 500) await this.#ask(all.slice(from, from + 500));
  }

  #resolve(scopes: readonly string[], tenant: string | undefined): Promise<void> {
    return this.#ask(scopes.map((scope) => [scope, tenant !== undefined && isTenant(scope) ? tenant : scope]));
  }

  async #ask(proposals: readonly (readonly [scope: string, tag: string])[]): Promise<void> {
    const reply = await this.#home().run(SCRIPTS.resolve, ({ directory }) => [directory], proposals.flat());
    for (const [index, [scope, tag]] of proposals.entries()) this.#remember(scope, reply[3 + index] ?? tag);
  }

  #remember(scope: string, tag: string): void {
    this.#tags.set(scope, tag);
    if (this.#tags.size <= MOST) return;
    const [oldest] = this.#tags.keys();
    if (oldest !== undefined) this.#tags.delete(oldest);
  }
}

/** The parts of a scope: `team:core model:gpt` is a combination. */
const partsOf = (scope: string): readonly string[] => scope.split(' ');

const isTenant = (scope: string): boolean =>
  partsOf(scope).some((part) => TENANTS.some((kind) => part.startsWith(kind)));

/** The scope that a claim's tenant is: its organisation, else its team, user or key. */
function tenantOf(scopes: readonly string[]): string | undefined {
  const parts = scopes.flatMap(partsOf);
  for (const kind of TENANTS) {
    const tenant = parts.find((part) => part.startsWith(kind));
    if (tenant !== undefined) return tenant;
  }
  return undefined;
}
