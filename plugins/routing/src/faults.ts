/** What of the configuration cannot work, as far as only all models together tell. */
import { formatProblems, nearest, type NormalModel, type Problem } from '@gatewright/core';
import { groupOf } from './model-plan.ts';
import type { ModelOptions, Options, StrategyName, TargetOptions } from './options.ts';

/** Throws an Error that lists everything, each with its place. `id` is the plugin's own. */
export function refuseFaults(models: readonly NormalModel[], { strategy }: Options, id: string): void {
  const problems = models.flatMap((model) => {
    const own = (model.with?.[id] ?? {}) as ModelOptions;
    return [
      ...mirrorFaults(model, own, models, id),
      ...splitFaults(model, own, id),
      ...idleFaults(model, [own.strategy ?? strategy].flat(), own.split !== undefined, id),
    ];
  });
  if (problems.length > 0) throw new Error(`\n${formatProblems(problems)}`);
}

function mirrorFaults(
  model: NormalModel,
  { mirror }: ModelOptions,
  models: readonly NormalModel[],
  id: string,
): Problem[] {
  if (mirror === undefined) return [];
  const position = { ...model.position, path: `${model.position.path}.with.${id}.mirror.model` };
  const names = models.flatMap(({ name, aliases }) => [name, ...aliases]);
  if ([model.name, ...model.aliases].includes(mirror.model)) {
    return [{ position, message: 'a model cannot be its own mirror', help: 'name another model' }];
  }
  if (names.includes(mirror.model) || names.some((name) => name.includes('*'))) return [];
  const near = nearest(mirror.model, names);
  const help = near === undefined ? `the models are: ${names.join(', ')}` : `did you mean "${near}"?`;
  return [{ position, message: `there is no model "${mirror.model}"`, help }];
}

function splitFaults(model: NormalModel, { split }: ModelOptions, id: string): Problem[] {
  if (split === undefined) return [];
  const groups = [
    ...new Set(
      model.targets.map((target) => {
        return groupOf({ id: `${target.provider}/${target.model}` }, target.with?.[id] as TargetOptions | undefined);
      }),
    ),
  ];
  const strangers = Object.keys(split.shares).filter((group) => !groups.includes(group));
  return strangers.map((group) => {
    const near = nearest(group, groups);
    return {
      position: { ...model.position, path: `${model.position.path}.with.${id}.split.shares` },
      message: `no target is in the group "${group}"`,
      help: near === undefined ? `the groups are: ${groups.join(', ')}` : `did you mean "${near}"?`,
    };
  });
}

/** What targets say and nobody reads: whoever tags a target means that others do not get it. */
function idleFaults(model: NormalModel, strategies: readonly StrategyName[], isSplit: boolean, id: string): Problem[] {
  return model.targets.flatMap(({ position, with: said }) => {
    const own = said?.[id] as TargetOptions | undefined;
    const at = (field: string): Problem['position'] => ({ ...position, path: `${position.path}.with.${id}.${field}` });
    const problems: Problem[] = [];
    if (own?.tags !== undefined && !strategies.includes('tags')) {
      const message = `the strategy of the model "${model.name}" does not look at tags`;
      const others = strategies.filter((name) => name !== 'weighted');
      problems.push({
        position: at('tags'),
        message,
        help: `say strategy: [${['tags', ...others].join(', ')}] on the model`,
      });
    }
    if (own?.group !== undefined && !isSplit) {
      const message = `the model "${model.name}" has no split that could know this group`;
      problems.push({ position: at('group'), message, help: 'add a split to the model, or remove the group' });
    }
    return problems;
  });
}
