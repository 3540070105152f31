/** Finds the model that a name stands for: by the name itself, by an alias, or by a pattern such as `acme/*`. */
import type { FailurePlan } from '../config/call-settings.ts';
import type { ModelInfo } from '../config/normal.ts';
import type { Target } from '../route.ts';

export interface Model {
  /** The name, or a pattern with one `*`. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly groups?: readonly string[];
  /** In a pattern's targets, a `*` in the model's name stands for what the pattern's `*` stood for. */
  readonly targets: readonly Target[];
  readonly fallbacks: readonly string[];
  readonly onFailure?: FailurePlan;
  readonly info?: ModelInfo;
}

interface Pattern {
  readonly model: Model;
  readonly prefix: string;
  readonly suffix: string;
}

/** What a `*` may stand for: it goes into paths, headers and metrics, and comes from the client. */
const CAPTURE = /^[\w.:@+-](?:[\w.:@+/-]{0,198}[\w.:@+-])?$/;
/** How many names that matched a pattern are remembered. */
const MEMORY = 1000;

export class ModelNames {
  readonly configured: readonly string[];
  readonly #exact = new Map<string, Model>();
  /** The one with the most letters of its own comes first. */
  readonly #patterns: readonly Pattern[];
  readonly #matched = new Map<string, Model>();

  constructor(models: readonly Model[]) {
    this.configured = models.map((model) => model.name);
    const patterns: Pattern[] = [];
    for (const model of models) {
      for (const name of [model.name, ...model.aliases]) {
        const star = name.indexOf('*');
        if (star < 0) this.#exact.set(name, model);
        else patterns.push({ model, prefix: name.slice(0, star), suffix: name.slice(star + 1) });
      }
    }
    const letters = ({ prefix, suffix }: Pattern): number => prefix.length + suffix.length;
    this.#patterns = patterns.sort((a, b) => letters(b) - letters(a));
  }

  find(name: string): Model | undefined {
    return this.#exact.get(name) ?? this.#matched.get(name) ?? this.#match(name);
  }

  #match(name: string): Model | undefined {
    for (const { model, prefix, suffix } of this.#patterns) {
      if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
      const capture = name.slice(prefix.length, name.length - suffix.length);
      if (!CAPTURE.test(capture) || capture.includes('..')) continue;
      const matched = { ...model, targets: model.targets.map((target) => filled(target, capture)) };
      if (this.#matched.size >= MEMORY) this.#matched.clear();
      this.#matched.set(name, matched);
      return matched;
    }
    return undefined;
  }
}

function filled(target: Target, capture: string): Target {
  if (!target.model.includes('*')) return target;
  const model = target.model.replace('*', () => capture);
  return Object.freeze({ ...target, model, id: `${target.provider}/${model}` });
}
