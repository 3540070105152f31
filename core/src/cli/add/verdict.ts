/** Judges the plugins of a configuration that is not written yet. */
import { basename, dirname } from 'node:path';
import { check } from '../../config/check.ts';
import type { Environment } from '../../config/condition.ts';
import { expand } from '../../config/expand.ts';
import type { Problem } from '../../config/normal.ts';
import { importModule } from '../../config/plugin-module.ts';
import { normalPlugins } from '../../config/plugins.ts';
import { gatewaySchema } from '../../config/schema.ts';
import { switchOff } from '../../config/switches.ts';
import { parseYaml } from '../../config/yaml.ts';

/**
 * The problems of one plugin, by its place in the list. That a variable is not set is none of them: it may be where the
 * gateway will run.
 */
export async function problemsOf(text: string, file: string, index: number, env: Environment): Promise<Problem[]> {
  const source = parseYaml(text, { file, shown: basename(file), folder: dirname(file) });
  if ('problems' in source) return [...source.problems];
  const problems: Problem[] = [];
  const expanded = expand(switchOff(source, env, []).value, env, () => undefined);
  const checking = { source, expanded, problems };
  await check(gatewaySchema, [], checking);
  await normalPlugins(checking, importModule);
  const place = `plugins[${index}]`;
  return problems.filter(({ position: { path } }) => path === place || path.startsWith(`${place}.`));
}
