/** What of the configuration cannot work, as far as only all models together tell. */
import { formatProblems, nearest, type NormalModel, type Problem } from '@gatewright/core';
import { groupOf } from './model-plan.ts';
import type { ModelOptions, TargetOptions } from './options.ts';

/** Throws an Error that lists everything, each with its place. `id` is the plugin's own. */
export function refuseFaults(models: readonly NormalModel[], id: string): void {
  const problems = models.flatMap((model) => {
    const own = model.with?.[id] as ModelOptions | undefined;
    return own === undefined ? [] : [...mirrorFaults(model, own, models, id), ...splitFaults(model, own, id)];
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
