/** What a model list says of a model besides its name: what its targets serve, hold and cost, as far as that is known. */
import type { Kernel } from '../kernel/kernel.ts';
import type { ModelEntry, Operation } from '../operations.ts';
import type { Target } from '../route.ts';
import type { TargetFacts } from '../services.ts';
import { chooseService } from './attempts/service.ts';

/** The entry with what the configuration says of the model, and what the catalogue of prices knows of its targets. */
export function described(kernel: Kernel, entry: ModelEntry): ModelEntry {
  const model = kernel.models.find(entry.id);
  if (model === undefined) return entry;
  const { info = {}, targets } = model;
  const facts = targets.map((target) => kernel.prices?.describe?.(target, kernel.clock.now()) ?? {});
  const [first] = facts;
  const displayName = info.name ?? (targets.length === 1 ? first?.displayName : undefined);
  const contextWindow = info.contextWindow ?? smallest(facts);
  return {
    ...entry,
    ...(displayName === undefined ? {} : { displayName }),
    operations: operationsOf(kernel, targets),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(info.maxOutput === undefined ? {} : { maxOutput: info.maxOutput }),
    ...(first?.price === undefined ? {} : { price: first.price }),
  };
}

/** Undefined where it is not known of every target: another may hold less. */
function smallest(facts: readonly TargetFacts[]): number | undefined {
  const sizes = facts.map(({ contextWindow }) => contextWindow).filter((size) => size !== undefined);
  return sizes.length > 0 && sizes.length === facts.length ? Math.min(...sizes) : undefined;
}

function operationsOf(kernel: Kernel, targets: readonly Target[]): Operation[] {
  const served = new Set<Operation>();
  for (const target of targets) {
    const provider = kernel.hooks.providers.get(target.provider);
    for (const name of provider?.operations.keys() ?? []) {
      if (provider !== undefined && chooseService(kernel, provider, name, target.model, undefined) !== undefined)
        served.add(name);
    }
  }
  return [...served];
}
