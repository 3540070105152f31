/** The command `gatewright plugins`, with its options. */
import type { Command } from 'commander';
import { EXAMPLES, HELP } from '../help.ts';
import type { Terminal } from '../terminal.ts';
import type { PluginsOptions } from './plugins.ts';

export function addPlugins(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('plugins')
    .summary(HELP.plugins.summary)
    .description(HELP.plugins.description)
    .option('-c, --config <path>', HELP.config)
    .option('--json', HELP.json)
    .addHelpText('after', `\n${EXAMPLES.plugins}`)
    .action(async (options: PluginsOptions) => done(await (await import('./plugins.ts')).plugins(options, terminal)));
}
