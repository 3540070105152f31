/** `gatewright plan`: what a configuration amounts to, and what a reload would change of it. */
import { shownFile } from '../config/source.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ConfigChange } from '../reload.ts';
import { CommandFailure } from './failure.ts';
import { inspect } from './inspection.ts';
import { accessOf } from './keys/access.ts';
import { planOf } from '../plan/description.ts';
import { changesBetween } from '../plan/difference.ts';
import { differencePage } from './difference-page.ts';
import { pageOf } from './plan-page.ts';
import { colorsFor, widthOf, type Terminal } from './terminal.ts';

export interface PlanOptions {
  readonly config?: string;
  /** Another configuration: what a reload from `config` to it would change. */
  readonly against?: string;
  /** What a reload of a running gateway would change: it is asked over its management routes. */
  readonly running?: boolean;
  readonly url?: string;
  readonly adminKeyFile?: string;
  readonly json?: boolean;
}

/** Resolves with the exit code. Rejects where a configuration does not boot. */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<number> {
  const { config, against, json = false, running = false } = options;
  if (running) return planRunning(options, terminal);
  const { out, env, cwd } = terminal;
  const page = { colors: colorsFor(out, env), width: widthOf(out), cwd };
  if (against === undefined) {
    const made = await inspect({ config }, terminal, ({ kernel }) => planOf(kernel));
    out.write(`${json ? JSON.stringify(made, undefined, 2) : pageOf(made, page)}\n`);
    return 0;
  }
  const { changes, names } = await inspect({ config }, terminal, (before) =>
    inspect({ config: against }, terminal, (after) => {
      const names = [fileOf(before.kernel, cwd), fileOf(after.kernel, cwd)] as const;
      return { changes: changesBetween(before.kernel, after.kernel), names };
    }),
  );
  out.write(`${json ? JSON.stringify({ changes }, undefined, 2) : differencePage(changes, names, page)}\n`);
  return 0;
}

/** The gateway itself looks: its environment and its working directory may be others than those of this command. */
async function planRunning(
  { config, against, json = false, ...access }: PlanOptions,
  terminal: Terminal,
): Promise<number> {
  const { out, env, cwd } = terminal;
  if (config !== undefined || against !== undefined) {
    throw new CommandFailure(
      '--running asks a gateway about its own file, so --config and --against mean nothing there.',
      'compare two files with: gatewright plan --config <path> --against <path>',
    );
  }
  const { changes } = await accessOf(access, terminal).post('/config/reload', { dry_run: true });
  const page = { colors: colorsFor(out, env), width: widthOf(out), cwd };
  const names = ['the configuration that runs', 'its file as it is now'] as const;
  out.write(
    `${json ? JSON.stringify({ changes }, undefined, 2) : differencePage(changes as ConfigChange[], names, page)}\n`,
  );
  return 0;
}

function fileOf({ config: { file } }: Kernel, cwd: string): string {
  return file === undefined ? 'the configuration' : shownFile(file, cwd);
}
