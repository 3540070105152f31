/** The command `gatewright add`, with its options. */
import type { Command } from 'commander';
import { EXAMPLES, HELP } from '../help.ts';
import { repeated } from '../repeated.ts';
import type { Terminal } from '../terminal.ts';
import type { AddOptions } from './add.ts';

export function addAdd(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('add')
    .argument('<package>', 'the name of a package, with a version or without, or of a file')
    .summary(HELP.add.summary)
    .description(HELP.add.description)
    .option('-c, --config <path>', HELP.config)
    .option('--id <id>', "the name of this instance (default: the plugin's own)")
    .option('--set <option=value>', 'an option of the plugin; may be repeated. Deeper ones: pool.size=3', repeated)
    .addHelpText('after', `\n${EXAMPLES.add}`)
    .action(async (spec: string, options: AddOptions) =>
      done(await (await import('./add.ts')).add(spec, options, terminal)),
    );
}
