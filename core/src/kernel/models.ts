/** The models of a kernel: which targets serve them, in which order, with which fallbacks. */
import type { NormalConfig, NormalModel, NormalTarget, Problem } from '../config/normal.ts';
import { nearest } from '../config/nearest.ts';
import { GatewayError } from '../errors.ts';
import type { ProviderEntry } from '../hooks/registry.ts';
import { ModelNames, type Model } from './model-names.ts';
import { mayUseModel, type Identity } from '../identity.ts';
import type { ModelEntry } from '../operations.ts';
import type { Route, Target } from '../route.ts';

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

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
    const targets = shuffle(model.targets, random);
    for (const fallback of this.#fallbacks(model)) {
      if (mayUseModel(identity, fallback.name, fallback.groups)) targets.push(...shuffle(fallback.targets, random));
    }
    return { targets };
  }

  /** The targets of a model itself, shuffled by weight; none where the identity may not use it. */
  targetsOf(name: string, identity: Identity, random: Random): readonly Target[] {
    const model = this.#models.find(name);
    return model === undefined || !mayUseModel(identity, name, model.groups) ? [] : shuffle(model.targets, random);
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

/** Reports every target whose provider is not there, or speaks a dialect that nobody registered. */
export function checkTargets(
  config: NormalConfig,
  providers: ReadonlyMap<string, ProviderEntry>,
  dialects: ReadonlySet<string>,
  problems: Problem[],
): void {
  const ids = [...providers.keys()];
  for (const model of config.models) {
    for (const target of model.targets) {
      const provider = providers.get(target.provider);
      if (provider !== undefined) {
        const fault = dialectFault(provider, target.model, dialects);
        if (fault !== undefined) problems.push({ position: target.position, ...fault });
        continue;
      }
      const near = nearest(target.provider, ids);
      problems.push({
        position: target.position,
        message: `The model "${model.name}" has a target at the provider "${target.provider}", and no plugin serves that.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
        help: `Add a provider plugin with \`id: ${target.provider}\`, or name one of: ${ids.join(', ') || '(there are none)'}.`,
      });
    }
  }
  for (const provider of providers.values()) {
    // An operation whose dialect nobody speaks is merely not served; a provider that can serve none is a mistake.
    const spoken = [...provider.operations.values()].flat().map((operation) => operation.dialect);
    if (spoken.length === 0 || spoken.some((dialect) => dialects.has(dialect))) continue;
    const { plugin } = provider.tap.spec;
    const names = spoken.map((dialect) => `"${dialect}"`).join(', ');
    problems.push({
      position: config.plugins.find((one) => one.id === plugin.id)?.position ?? { path: 'plugins' },
      plugin: plugin.id,
      message: `The provider "${provider.id}" speaks ${names}, and no plugin registers that dialect.`,
      help: `Add the plugin that registers ${names}.`,
    });
  }
}

/** What keeps a provider from serving a model, where it serves others: that nobody registered the model's own dialects. */
function dialectFault(
  provider: ProviderEntry,
  model: string,
  dialects: ReadonlySet<string>,
): Omit<Problem, 'position'> | undefined {
  const all = [...provider.operations.values()].flat();
  const serving = all.filter(({ serves }) => model.includes('*') || serves?.(model) !== false);
  const isSpoken = ({ dialect }: { readonly dialect: string }): boolean => dialects.has(dialect);
  if (!all.some(isSpoken) || serving.some(isSpoken)) return undefined;
  const names = serving.map(({ dialect }) => `"${dialect}"`).join(', ');
  const plugin = provider.tap.spec.plugin.id;
  if (serving.length === 0) {
    const message = `The provider "${provider.id}" does not serve "${model}".`;
    return { plugin, message, help: 'Name another model or provider in the target.' };
  }
  return {
    plugin,
    message: `The provider "${provider.id}" serves "${model}" in ${names}, and no plugin registers that dialect.`,
    help: `Add the plugin that registers ${names}.`,
  };
}

/** A target as exchanges see it. */
export function freezeTarget(of: string, target: NormalTarget): Target {
  const {
    provider,
    model,
    weight,
    retries,
    timeouts,
    unsupported,
    reports,
    rescue,
    onClientGone,
    keepAlive,
    concurrency,
    queue,
  } = target;
  return Object.freeze({
    id: `${provider}/${model}`,
    provider,
    model,
    of,
    weight,
    retries,
    timeouts,
    unsupported,
    reports,
    rescue,
    onClientGone,
    keepAlive,
    ...(concurrency !== undefined && { concurrency, queue: queue ?? 0 }),
    ...(target.with !== undefined && { with: Object.freeze(target.with) }),
  });
}

/** More targets than this are drawn in another way. */
const MANY = 16;
/** How often one is drawn that its weight does not allow, before all are walked over. */
const TRIES = 4;

/** A random order in which a target of weight 3 comes first three times as often as one of weight 1; weight 0 comes last. */
function shuffle(targets: readonly Target[], random: Random): Target[] {
  if (targets.length > MANY) return shuffleMany(targets, random);
  const ordered = [...targets];
  const { length } = ordered;
  let sum = 0;
  for (const { weight } of ordered) sum += weight;
  // In place and without closures: a model may have a hundred targets, and this runs for every request.
  for (let place = 0; place < length - 1; place++) {
    const at = drawn(ordered, place, random() * sum);
    const target = ordered[at] as Target;
    for (let next = at; next > place; next--) ordered[next] = ordered[next - 1] as Target;
    ordered[place] = target;
    sum -= target.weight;
  }
  return ordered;
}

/** The same for many: any of those left is taken as often as its weight allows, so that nobody walks over all of them. */
function shuffleMany(targets: readonly Target[], random: Random): Target[] {
  const waiting: Target[] = [];
  const ordered: Target[] = [];
  let most = 0;
  for (const target of targets) {
    if (target.weight > 0) waiting.push(target);
    if (target.weight > most) most = target.weight;
  }
  for (let left = waiting.length; left > 0; left--) {
    let at = -1;
    for (let tries = 0; tries < TRIES && at < 0; tries++) {
      // One draw for both: its whole part says who, its fraction whether.
      const draw = random() * left;
      const who = Math.floor(draw);
      if ((draw - who) * most < (waiting[who] as Target).weight) at = who;
    }
    if (at < 0) {
      waiting.length = left;
      let sum = 0;
      most = 0;
      for (const { weight } of waiting) {
        sum += weight;
        most = Math.max(most, weight);
      }
      at = drawn(waiting, 0, random() * sum);
    }
    ordered.push(waiting[at] as Target);
    waiting[at] = waiting[left - 1] as Target;
  }
  for (const target of targets) if (target.weight === 0) ordered.push(target);
  return ordered;
}

/** Which of the targets from a place on the mark falls to; where only those without weight are left, the first. */
function drawn(targets: readonly Target[], place: number, mark: number): number {
  let rest = mark;
  let last = place;
  for (let at = place; at < targets.length; at++) {
    const { weight } = targets[at] as Target;
    rest -= weight;
    if (rest < 0) return at;
    if (weight > 0) last = at;
  }
  // Sums of fractions are not exact: a mark may be a hair behind the end.
  return last;
}
