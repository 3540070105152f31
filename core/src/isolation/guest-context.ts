/** The setup context of an isolated plugin: hooks are noted, and what cannot leave the gateway's own thread is refused. */
import { randomInt } from 'node:crypto';
import { systemClock } from '../clock.ts';
import { deprecationText } from '../deprecation.ts';
import { hookPoints } from '../hooks/facade.ts';
import type { HookName } from '../hooks/checks.ts';
import type { LogFields, Logger } from '../logger.ts';
import type { SetupContext } from '../plugin.ts';
import { refused } from './guest-exchange.ts';
import type { GuestStart, SetupNote, TapNote } from './protocol.ts';

type Task = () => void | Promise<void>;
type Fn = (...args: never[]) => unknown;

/** Streams are changed, and claims made, while nobody waits: there is no time to ask another thread. */
export const NOT_ISOLATED: ReadonlySet<HookName> = new Set<HookName>(['transform.event', 'meter.reserve']);

/** A number from 0 up to, not including, 1. */
const chance = (): number => randomInt(2 ** 32) / 2 ** 32;

export class GuestContext {
  readonly fns = new Map<number, { readonly hook: HookName; readonly fn: Fn }>();
  readonly ready: Task[] = [];
  readonly serve: Task[] = [];
  readonly drain: Task[] = [];
  readonly dispose: Task[] = [];
  readonly context: SetupContext;
  readonly #notes: TapNote[] = [];
  #sealed = false;

  constructor(start: GuestStart, log: (level: keyof Logger, message: string, fields: LogFields | undefined) => void) {
    const { id, dry, models } = start;
    const level =
      (name: keyof Logger) =>
      (message: string, fields?: LogFields): void =>
        log(name, message, fields);
    this.context = {
      id,
      dry,
      hooks: this.#hooks(id),
      http: { use: () => refused('http.use'), route: () => refused('http.route') },
      dialect: () => refused('dialect'),
      surface: () => refused('surface'),
      provide: (name) => refused(`provide('${name}')`),
      use: (name) => refused(`the service "${name}"`),
      // Whoever can do without it, does.
      useIfPresent: () => undefined,
      slot: () => refused('slot'),
      share: (_key, open, close) => {
        const value = open();
        this.dispose.push(() => close(value));
        return value;
      },
      log: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
      clock: systemClock,
      random: chance,
      stats: () => refused('stats'),
      inFlight: () => refused('inFlight'),
      load: () => refused('load'),
      models: () => models,
      peers: { answer: () => refused('peers'), ask: () => refused('peers') },
      get reloading(): never {
        return refused('reloading');
      },
      onPlan: () => undefined,
      deprecate: (what, said) => {
        log('warn', `${what} ${deprecationText(said)}; use ${said.instead} instead.`, undefined);
      },
      onReady: (task) => void this.ready.push(task),
      onServe: (task) => void this.serve.push(task),
      onDrain: (task) => void this.drain.push(task),
      onDispose: (task) => void this.dispose.push(task),
    };
  }

  /** Setup is over. */
  seal(): SetupNote {
    this.#sealed = true;
    return { taps: this.#notes, hasReady: this.ready.length > 0 };
  }

  #hooks(id: string): SetupContext['hooks'] {
    const note = (hook: HookName, fn: Fn, more: Omit<TapNote, 'number' | 'hook'>): void => {
      if (NOT_ISOLATED.has(hook)) refused(`the hook ${hook}`);
      const number = this.fns.size;
      this.fns.set(number, { hook, fn });
      this.#notes.push({ number, hook, ...more });
    };
    const isSealed = (): boolean => this.#sealed;
    return hookPoints(
      { id, where: 'isolated' },
      {
        get sealed() {
          return isSealed();
        },
        add: (hook, _plugin, fn, { stage, before, after, timeout, operations } = {}) =>
          note(hook, fn, {
            ...(stage !== undefined && { stage }),
            ...(before !== undefined && { before: [before].flat() }),
            ...(after !== undefined && { after: [after].flat() }),
            ...(timeout !== undefined && { timeout }),
            ...(operations !== undefined && { operations }),
          }),
        addProvider: (provider, _plugin, fn, operations) => {
          for (const [operation, served] of operations) {
            for (const { adjust, serves, prefill } of served) {
              if (adjust ?? serves ?? prefill) refused(`functions among the operations of a provider (${operation})`);
            }
          }
          note('call', fn, { provider, serves: Object.fromEntries(operations) });
        },
      },
    );
  }
}
