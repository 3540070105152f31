/** The commands below `gatewright keys`, with their options. */
import type { Command } from 'commander';
import { EXAMPLES, HELP } from '../help.ts';
import { repeated } from '../repeated.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions, CreateOptions, ListOptions, RotateOptions } from './keys.ts';

type Done = (code: number) => void;

const NAMED = 'the key: its id, its alias, or the key itself';

// The module is imported when a command is run: `start` should not wait for what it does not need.
const load = () => import('./keys.ts');

export function addKeys(program: Command, terminal: Terminal, done: Done): void {
  const keys = program
    .command('keys')
    .summary(HELP.keys.summary)
    .description(HELP.keys.description)
    .helpCommand(false)
    .addHelpText('after', `\n${EXAMPLES.keys}`);
  addMaking(keys, terminal, done);
  addLooking(keys, terminal, done);
  const block = (name: 'block' | 'unblock', text: string): void => {
    common(keys.command(`${name} <key>`).description(text)).action(async (key: string, options: CommonOptions) =>
      done(await (await load()).blockKey(key, name === 'block', options, terminal)),
    );
  };
  block('block', 'from now on the key is refused, on every replica within a second');
  block('unblock', 'the key is taken again');
  common(keys.command('delete <key...>').description('delete keys: all that are named, or none')).action(
    async (named: string[], options: CommonOptions) => done(await (await load()).deleteKeys(named, options, terminal)),
  );
}

function common(command: Command): Command {
  return command
    .option('--url <address>', 'where the gateway is (default: GATEWRIGHT_URL, else http://127.0.0.1:4000)')
    .option('--admin-key-file <path>', 'a file that holds the admin key (default: GATEWRIGHT_ADMIN_KEY)')
    .option('--json', HELP.json);
}

function addMaking(keys: Command, terminal: Terminal, done: Done): void {
  common(keys.command('create').description('make a key; it is shown once'))
    .option('--alias <name>', 'a name for people')
    .option('--user <id>', 'whose it is')
    .option('--team <id>', 'the team that it belongs to')
    .option('--organisation <id>', 'the organisation that it belongs to')
    .option(
      '-m, --model <name>',
      'a model that it may use, or a pattern with *; may be repeated (default: all)',
      repeated,
    )
    .option('--tag <name>', 'a tag that stands on its requests; may be repeated', repeated)
    .option('--role <role>', 'what it may manage: admin, admin-viewer, user or viewer (default: nothing)')
    .option('--budget <dollars>', 'what it may spend')
    .option('--window <length>', 'in which time it may: 1h, 1d, 1w, 1mo (default: for ever)')
    .option('--rpm <number>', 'requests that it may make in a minute')
    .option('--tpm <number>', 'tokens that it may use in a minute')
    .option('--parallel <number>', 'requests that it may make at once')
    .option('--expires <length>', 'after which time it is no longer taken: 12h, 30d')
    .action(async (options: CreateOptions) => done(await (await load()).createKey(options, terminal)));
  common(keys.command('rotate').argument('<key>', NAMED).description('give a key another secret; it is shown once'))
    .option('--grace <length>', 'how long the old secret is still taken: 24h (default: not at all)')
    .action(async (key: string, options: RotateOptions) =>
      done(await (await load()).rotateKey(key, options, terminal)),
    );
}

function addLooking(keys: Command, terminal: Terminal, done: Done): void {
  common(keys.command('list').description('list the keys'))
    .option('--user <id>', 'only those of a user')
    .option('--team <id>', 'only those of a team')
    .action(async (options: ListOptions) => done(await (await load()).listKeys(options, terminal)));
  common(keys.command('info').argument('<key>', NAMED).description('show a key, and what it has spent')).action(
    async (key: string, options: CommonOptions) => done(await (await load()).showKey(key, options, terminal)),
  );
}
