/** Loads a configuration: reads it, checks all of it, loads its plugins, and answers with the normal form or every problem. */
import { dirname, resolve } from 'node:path';
import { check, type Checking } from './check.ts';
import type { Environment } from './condition.ts';
import { expand, type ExpansionFault } from './expand.ts';
import { checkModels, normalModels } from './models.ts';
import type { NormalConfig, Problem } from './normal.ts';
import { isRecord, valueAt, type Path } from './path.ts';
import { importModule, type Importer } from './plugin-module.ts';
import { normalPlugins } from './plugins.ts';
import { formatProblems, sortProblems } from './problems.ts';
import { GatewayError } from '../errors.ts';
import { readFile } from './read.ts';
import { gatewaySchema, type GatewayConfig } from './schema.ts';
import { settingsOfPlugins } from './settings-of-plugins.ts';
import { objectSource, type Source } from './source.ts';
import { pluginName, switchOff } from './switches.ts';
import { kindOf } from './wording.ts';

export interface LoadOptions {
  /** The file, or a folder that has one; relative to `cwd`. Default `cwd`. */
  readonly file?: string;
  /** What stands in `file`, read before. */
  readonly text?: string;
  /** A configuration as an object. Where `file` is given too, plugins are looked for from its folder. */
  readonly value?: GatewayConfig;
  /** Default: the working directory of the process. */
  readonly cwd?: string;
  /** Default: the environment of the process. */
  readonly env?: Environment;
  readonly importer?: Importer;
}

export type LoadResult = { readonly config: NormalConfig } | { readonly problems: readonly Problem[] };

/** Never throws for what is wrong with a configuration: all problems come back together, in the order of the file. */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadResult> {
  const { file, text, value, cwd = process.cwd(), env = process.env, importer = importModule } = options;
  const folder = file === undefined ? cwd : dirname(resolve(cwd, file));
  const source = value === undefined ? await readFile(file ?? '.', cwd, importer, text) : objectSource(value, folder);
  if ('problems' in source) return source;
  if (!isRecord(source.value)) {
    const message = source.value === null ? 'the configuration is empty' : `must be a map, not ${kindOf(source.value)}`;
    return { problems: [{ position: source.position([]), message, help: 'begin with "plugins:" and "models:"' }] };
  }
  const problems: Problem[] = [];
  const switched = switchOff(source, env, problems);
  const expanded = expand(switched.value, env, (path, fault) => problems.push(expansionProblem(source, path, fault)));
  const notices: Problem[] = [];
  const checking: Checking = { source, expanded, problems, notices };
  const whole = await check(gatewaySchema, [], checking);
  checkModels(checking);
  const plugins = await normalPlugins(checking, importer);
  const ofPlugins = await settingsOfPlugins(plugins, checking);
  if (whole === undefined || problems.length > 0) return { problems: sortProblems(problems) };
  return {
    config: {
      ...(source.file !== undefined && { file: source.file }),
      listen: whole.listen,
      plugins,
      ...(notices.length > 0 && { notices: sortProblems(notices) }),
      models: normalModels(whole, source, ofPlugins),
      skipped: switched.skipped,
      limits: whole.limits,
      ...(whole.load !== undefined && { load: whole.load }),
      workers: whole.workers,
      reload: whole.reload,
      health: whole.health,
      timeouts: { setup: whole.setupTimeout, hook: whole.hookTimeout, drain: whole.drainTimeout },
    },
  };
}

function expansionProblem(source: Source, path: Path, fault: ExpansionFault): Problem {
  const { message, help, variable } = fault;
  const [section, entry = ''] = path;
  const plugin = section === 'plugins' ? pluginName(valueAt(source.value, [section, entry])) : undefined;
  const owner = section === 'plugins' ? 'plugin' : section === 'models' ? 'target' : undefined;
  const way =
    owner === undefined ? `write "\${env:${variable}:-default}"` : `add "if: env.${variable}" to the ${owner}`;
  const advice = variable === undefined ? help : `export ${variable}, or ${way}`;
  return {
    position: source.position(path),
    message,
    ...(advice !== undefined && { help: advice }),
    ...(plugin !== undefined && { plugin }),
  };
}

/** The configuration. Throws `GW_CONFIG` with all its problems where it has any. */
export function normalOf(result: LoadResult): NormalConfig {
  if (!('problems' in result)) return result.config;
  const { problems } = result;
  throw new GatewayError('GW_CONFIG', formatProblems(problems), { problems });
}
