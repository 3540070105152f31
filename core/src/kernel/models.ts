/** The models of a kernel: which targets serve them, in which order, with which fallbacks. */
import type { NormalModel, NormalTarget } from '../config/normal.ts';
import { nearest } from '../config/nearest.ts';
import { GatewayError } from '../errors.ts';
import { mayUseModel, type Identity } from '../identity.ts';
import type { ModelEntry } from '../operations.ts';
import type { Route, Target } from '../route.ts';
import { drawn, type Random } from './draw.ts';
import { ModelNames, type Model } from './model-names.ts';
import { Offer } from './offer.ts';

export class ModelTable {
  readonly #models: ModelNames;
  readonly #entries: readonly ModelEntry[];
  readonly #created: number;

  /** `created`: Unix seconds to show in model lists. */
  constructor(models: readonly NormalModel[], created: number) {
    this.#models = new ModelNames(
      models.map(({ name, aliases, groups, targets, fallbacks, onFailure, info }) => ({
        name,
        aliases,
        ...(groups === undefined ? {} : { groups }),
        targets: targets.map((target) => freezeTarget(name, target)),
        fallbacks,
        ...(onFailure === undefined ? {} : { onFailure }),
        ...(info === undefined ? {} : { info }),
      })),
    );
    const names = models.flatMap(({ name, aliases }) => (name.includes('*') ? aliases : [name, ...aliases]));
    this.#created = created;
    this.#entries = names.map((id) => this.#entry(id));
  }

  #entry(id: string): ModelEntry {
    return { id, created: this.#created, ownedBy: 'gatewright' };
  }

  /** The model that a name, an alias or a pattern stands for. */
  find(name: string): Model | undefined {
    return this.#models.find(name);
  }

  /** The entry of a model that an identity may use, also of one that only a pattern covers. Throws `GW_UNKNOWN_MODEL`. */
  entry(name: string, identity: Identity): ModelEntry {
    const model = this.#models.find(name);
    // The error is the same whether it does not exist or may not be used: nobody learns names that are not theirs.
    if (model === undefined || !mayUse(identity, name, model)) {
      throw this.unknown(name, identity);
    }
    return this.#entry(name);
  }

  /** The names as they are configured, patterns among them. */
  get names(): readonly string[] {
    return this.#models.configured;
  }

  /** The models that an identity may use. */
  visibleTo(identity: Identity): readonly ModelEntry[] {
    return this.#entries.filter(({ id }) => mayUseModel(identity, id, this.#models.find(id)?.groups));
  }

  /** The models, of those that an identity may use, that have a target of which this is true. */
  having(identity: Identity, is: (target: Target) => boolean): readonly string[] {
    const names = this.visibleTo(identity).map((entry) => entry.id);
    return names.filter((name) => this.#models.find(name)?.targets.some(is) === true);
  }

  /**
   * The targets for a model in the order they will be tried: its own, shuffled by weight, then those of its fallbacks
   * that the identity may use. Throws `GW_UNKNOWN_MODEL` with near matches, or `GW_FORBIDDEN`.
   */
  route(name: string, identity: Identity, random: Random): Route {
    const model = this.#models.find(name);
    if (model === undefined) throw this.unknown(name, identity);
    if (!mayUse(identity, name, model)) {
      throw new GatewayError('GW_FORBIDDEN', `This key may not use the model "${name}".`, { param: 'model' });
    }
    if (model.targets.length === 1 && model.fallbacks.length === 0) return model;
    const lists = [model.targets];
    if (model.fallbacks.length > 0) {
      for (const { name: other, groups, targets } of this.#fallbacks(model)) {
        if (mayUseModel(identity, other, groups)) lists.push(targets);
      }
    }
    return new Offer(lists, random);
  }

  /** The targets of a model itself, shuffled by weight; none where the identity may not use it. */
  targetsOf(name: string, identity: Identity, random: Random): readonly Target[] {
    const model = this.#models.find(name);
    return model === undefined || !mayUseModel(identity, name, model.groups) ? [] : drawn(model.targets, random);
  }

  /** The fallbacks of a model and theirs, each once, nearest first. */
  #fallbacks(model: Model): Model[] {
    const found: Model[] = [];
    const queue = [...model.fallbacks];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const next = this.#models.find(name);
      if (next === undefined || next === model || found.includes(next)) continue;
      found.push(next);
      queue.push(...next.fallbacks);
    }
    return found;
  }

  /** The error for a model that an identity cannot see, with a near match. */
  unknown(name: string, identity: Identity): GatewayError {
    const visible = this.visibleTo(identity).map((entry) => entry.id);
    const near = nearest(name.slice(0, 100), visible);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return new GatewayError('GW_UNKNOWN_MODEL', `The model "${name.slice(0, 200)}" is not configured.${hint}`, {
      param: 'model',
      help: 'List the models with GET /v1/models.',
    });
  }
}

/** An alias is a name of the model: who may use either may use both. */
function mayUse(identity: Identity, name: string, model: Model): boolean {
  return mayUseModel(identity, name) || mayUseModel(identity, model.name, model.groups);
}

/** A target as exchanges see it. */
export function freezeTarget(of: string, { position: _position, queue = 0, ...target }: NormalTarget): Target {
  const { provider, model, concurrency, with: own } = target;
  return Object.freeze({
    id: `${provider}/${model}`,
    of,
    ...target,
    ...(concurrency !== undefined && { queue }),
    ...(own !== undefined && { with: Object.freeze(own) }),
  });
}
