/** `gatewright check`: everything that is wrong with a configuration, or that nothing is. */
import type { Problem } from '../config/normal.ts';
import { formatProblems } from '../config/problems.ts';
import { shownFile } from '../config/source.ts';
import { isGatewayError, type GatewayError } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { count } from '../count.ts';
import { CommandFailure, failureText } from './failure.ts';
import { inspect } from './inspection.ts';
import { colorsFor, type Colors, type Terminal } from './terminal.ts';

export interface CheckOptions {
  readonly config?: string;
  readonly json?: boolean;
}

interface Counts {
  readonly file?: string;
  readonly plugins: number;
  readonly models: number;
  readonly routes: number;
  /** Entries that their `if` switches off. */
  readonly skipped: number;
}

/** Loads, validates and sets everything up without listening. Resolves with the exit code: 1 where there are problems. */
export async function check({ config, json = false }: CheckOptions, terminal: Terminal): Promise<number> {
  const { out, env, cwd } = terminal;
  const colors = colorsFor(out, env);
  try {
    const { counts, notices } = await inspect({ config }, terminal, ({ kernel }) => {
      return { counts: countsOf(kernel), notices: kernel.notices };
    });
    if (json) {
      const warnings = notices.length > 0 && { warnings: notices.map(flat) };
      out.write(`${JSON.stringify({ ok: true, ...counts, ...warnings })}\n`);
    } else {
      out.write(`${colors.green('ok')}  ${sentence(counts, cwd)}\n`);
      if (notices.length > 0) out.write(`${noticesText(notices, colors)}\n`);
    }
    return 0;
  } catch (error) {
    if (!isGatewayError(error) && !(error instanceof CommandFailure)) throw error;
    if (!json) out.write(`${failureText(error, colors)}\n`);
    else out.write(`${JSON.stringify({ ok: false, problems: problemsOf(error) })}\n`);
    return 1;
  }
}

function countsOf({ config, surfaces, routes }: Kernel): Counts {
  const paths = [...surfaces, ...routes].map(({ method, path }) => `${method} ${path}`);
  return {
    ...(config.file !== undefined && { file: config.file }),
    plugins: config.plugins.length,
    models: config.models.length,
    routes: new Set(paths).size,
    skipped: config.skipped.length,
  };
}

function sentence({ file, plugins, models, routes, skipped }: Counts, cwd: string): string {
  const name = file === undefined ? '' : `${shownFile(file, cwd)}: `;
  const parts = [count(plugins, 'plugin'), count(models, 'model'), count(routes, 'route')];
  const off = skipped === 0 ? '' : `; ${count(skipped, 'entry', 'entries')} switched off by "if"`;
  return `${name}${parts.join(', ')}${off}`;
}

/** What should be mended before it stands in the way. */
function noticesText(notices: readonly Problem[], colors: Colors): string {
  const title = colors.yellow(count(notices.length, 'warning'));
  return `${title}\n${formatProblems(notices, { color: colors.isColorSupported })}`;
}

/** What stands in the way, each with its place where it has one. */
function problemsOf(error: GatewayError | CommandFailure): unknown[] {
  if (isGatewayError(error)) {
    const { code, message, details } = error;
    if (details.problems === undefined) return [{ code, message, plugin: details.plugin }];
    return details.problems.map(flat);
  }
  return [{ message: error.message, help: error.help }];
}

function flat({ position, message, help, plugin }: Problem): object {
  return Object.assign({}, position, { message, help, plugin });
}
