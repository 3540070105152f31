/** Which terms each target is guarded on: the options, and what its model and the target itself say otherwise. */
import type { NormalModel, Target } from '@gatewright/core';
import type { Options, Overrides, TargetOverrides } from './options.ts';

/** When a breaker opens, and how it closes again. Lengths in milliseconds. */
export interface Terms {
  readonly enabled: boolean;
  readonly failures: number;
  readonly rate: number;
  readonly calls: number;
  readonly window: number;
  readonly pause: number;
  readonly longest: number;
  readonly probes: number;
  readonly successes: number;
  readonly callerTimeout: number;
  readonly rateLimits: Options['rateLimits'];
  readonly check?: Check | undefined;
}

/** A page of a target's server that is asked for now and then. Lengths in milliseconds. */
export type Check = NonNullable<TargetOverrides['check']>;

/** What is needed of a target to know its terms. */
export type Named = Pick<Target, 'id' | 'of' | 'with'>;

type Settled = Readonly<Record<string, unknown>> | undefined;

export class TermsBook {
  /** Of a provider as a whole, and of all that says nothing of its own. */
  readonly common: Terms;
  readonly #options: Options;
  readonly #id: string;
  readonly #models: ReadonlyMap<string, Settled>;
  readonly #targets: ReadonlyMap<string, Named>;

  /** @param id the plugin's, under which models and targets speak to it. Throws where one target has two terms. */
  constructor(options: Options, models: readonly NormalModel[], id: string) {
    this.common = termsOf(options);
    this.#options = options;
    this.#id = id;
    this.#models = new Map(models.map((model) => [model.name, model.with]));
    this.#targets = this.#named(models);
  }

  /** The targets whose servers are checked. */
  get checked(): readonly { readonly id: string; readonly check: Check }[] {
    return [...this.#targets.values()].flatMap((target) => {
      const { enabled, check } = this.of(target);
      return enabled && check !== undefined ? [{ id: target.id, check }] : [];
    });
  }

  of(target: Pick<Target, 'of' | 'with'>): Terms {
    const model = this.#models.get(target.of)?.[this.#id] as Overrides | undefined;
    const own = target.with?.[this.#id] as TargetOverrides | undefined;
    if (model === undefined && own === undefined) return this.common;
    return termsOf({ ...this.#options, ...defined(model), ...defined(own) });
  }

  /** A target of the configuration, also one that only a pattern covers. */
  find(id: string): Named | undefined {
    const exact = this.#targets.get(id);
    if (exact !== undefined) return exact;
    for (const [pattern, { of, with: own }] of this.#targets) {
      const star = pattern.indexOf('*');
      if (star < 0 || !id.startsWith(pattern.slice(0, star)) || !id.endsWith(pattern.slice(star + 1))) continue;
      return own === undefined ? { id, of } : { id, of, with: own };
    }
    return undefined;
  }

  /** The targets by their ids. One that serves several models has one breaker, so it can't have two terms. */
  #named(models: readonly NormalModel[]): ReadonlyMap<string, Named> {
    const named = new Map<string, Named>();
    for (const { name: of, targets } of models) {
      for (const { provider, model, with: own } of targets) {
        const target: Named = { id: `${provider}/${model}`, of, ...(own === undefined ? {} : { with: own }) };
        const other = named.get(target.id);
        if (target.id.includes('*') && this.of(target).check !== undefined) {
          throw new Error(`the target ${target.id} stands for many: only one with a whole name can have a check.`);
        }
        if (other === undefined) named.set(target.id, target);
        else if (JSON.stringify(this.of(other)) !== JSON.stringify(this.of(target)))
          throw this.#twoTerms(target, other);
      }
    }
    return named;
  }

  #twoTerms({ id, of }: Named, other: Named): Error {
    const where = other.of === of ? `twice in "${of}"` : `in "${other.of}" and in "${of}"`;
    return new Error(
      `the target ${id} stands ${where}, with different settings under "with.${this.#id}". It has one breaker: write the same in both.`,
    );
  }
}

/** Without the fields that nobody has set. */
function defined(given: TargetOverrides | undefined): Partial<Options> & { check?: Check } {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
}

function termsOf({ providers: _providers, share: _share, ...terms }: Options & { check?: Check }): Terms {
  return { ...terms, longest: Math.max(terms.pause, terms.longest) };
}
