/** Says of services that nobody provides which of the plugins at hand could. */
import { importModule, loadPlugin } from '../config/plugin-module.ts';
import { formatProblems } from '../config/problems.ts';
import type { Problem } from '../config/normal.ts';
import { GatewayError, isGatewayError } from '../errors.ts';
import { isPlugin } from '../plugin.ts';
import type { ServiceName } from '../services.ts';
import { installedPlugins } from './installed.ts';
import { usesOf } from './uses.ts';

/** The same error, with the names of installed plugins in its help where a service is missing. */
export async function withProviders(error: unknown, config: string, cwd: string): Promise<unknown> {
  if (!isGatewayError(error)) return error;
  const { code, details } = error;
  const missing = new Set((details.problems ?? []).flatMap(({ service }) => (service === undefined ? [] : [service])));
  if (missing.size === 0) return error;
  const uses = await usesOf(config, cwd);
  const providers = await providersOf(missing, 'problems' in uses ? cwd : uses.folder);
  const problems = (details.problems ?? []).map((problem) => told(problem, providers));
  return new GatewayError(code, formatProblems(problems), { ...details, problems });
}

function told(problem: Problem, providers: ReadonlyMap<ServiceName, readonly string[]>): Problem {
  const names = problem.service === undefined ? [] : (providers.get(problem.service) ?? []);
  if (names.length === 0) return problem;
  const [first = ''] = names;
  return { ...problem, help: `Installed and able to: ${names.join(', ')}. For one: npx gatewright add ${first}` };
}

/** The installed plugins that provide these services. */
async function providersOf(wanted: ReadonlySet<ServiceName>, folder: string): Promise<Map<ServiceName, string[]>> {
  const found = new Map<ServiceName, string[]>();
  for (const use of installedPlugins(folder)) {
    const plugin = await loadPlugin(use, folder, importModule);
    if (!isPlugin(plugin)) continue;
    for (const name of plugin.provides ?? []) {
      if (wanted.has(name)) found.set(name, [...(found.get(name) ?? []), use]);
    }
  }
  return found;
}
