/** Whether the services that requests need can be reached: asked at most once a second, however often it is read. */
import type { Clock } from '../clock.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';

export type Reached = 'ok' | 'unavailable';

/** Milliseconds for which an answer holds. */
const FRESH = 1000;
/** Milliseconds after which who has not answered counts as unavailable. */
const PATIENCE = 500;

const PROBE = [{ scope: 'health', unit: 'nanos', window: { kind: 'total', name: 'total' } }] as const;

export class Readiness {
  readonly #clock: Clock;
  readonly #probes: ReadonlyMap<string, () => Promise<unknown>>;
  #asked = Number.NEGATIVE_INFINITY;
  #answer: Promise<Readonly<Record<string, Reached>>> = Promise.resolve({});

  constructor(
    clock: Clock,
    { store, state }: { readonly store: Store | undefined; readonly state: State | undefined },
  ) {
    const probes: [string, () => Promise<unknown>][] = [];
    // The smallest things that the two can be asked for.
    if (store !== undefined) probes.push(['store', () => store.epoch()]);
    if (state !== undefined) probes.push(['state', () => state.balances(PROBE)]);
    this.#clock = clock;
    this.#probes = new Map(probes);
  }

  /** Of each service that the configuration has, whether it answers. Never rejects. */
  services(): Promise<Readonly<Record<string, Reached>>> {
    const now = this.#clock.monotonic();
    if (now - this.#asked >= FRESH) {
      this.#asked = now;
      this.#answer = this.#ask();
    }
    return this.#answer;
  }

  async #ask(): Promise<Readonly<Record<string, Reached>>> {
    const asked = [...this.#probes].map(async ([name, probe]) => [name, await this.#reached(probe)] as const);
    return Object.fromEntries(await Promise.all(asked));
  }

  #reached(probe: () => Promise<unknown>): Promise<Reached> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(PATIENCE, () => resolve('unavailable'));
      const answered = (reached: Reached): void => {
        cancel();
        resolve(reached);
      };
      probe().then(
        () => answered('ok'),
        () => answered('unavailable'),
      );
    });
  }
}
