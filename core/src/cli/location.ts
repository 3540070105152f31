/** Which configuration a command means. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILES } from '../config/read.ts';
import { CommandFailure } from './failure.ts';

/** What `--config` names, else the working directory. Throws a CommandFailure where nothing is named and nothing is there. */
export function configLocation(named: string | undefined, cwd: string): string {
  if (named !== undefined) return named;
  if (CONFIG_FILES.some((name) => existsSync(join(cwd, name)))) return '.';
  throw new CommandFailure(
    `There is no configuration in ${cwd}.`,
    'write a gatewright.yaml there (.yml, .json and gatewright.config.ts work as well), or name one: --config <path>',
  );
}
