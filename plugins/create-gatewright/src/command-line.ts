/** The words that the program was started with. */
import { parseArgs } from 'node:util';
import { Failure } from './failure.ts';
import { isKind, KINDS, type Kind } from './kinds.ts';

export interface Words {
  readonly help: boolean;
  readonly version: boolean;
  /** Take every default, ask nothing. */
  readonly yes: boolean;
  /** A plugin of this kind, `''` for one that is still to be chosen; undefined for a gateway. */
  readonly plugin: Kind | '' | undefined;
  /** The folder, or a package's name with its scope. */
  readonly target: string | undefined;
  readonly name: string | undefined;
}

const kindLines = Object.entries(KINDS).map(([kind, what]) => `  ${kind.padEnd(11)} ${what}`);

export const HELP = `Makes a gateway for language models, or a plugin for one.

Usage:
  npm create gatewright@latest [folder]
  npm create gatewright@latest -- --plugin <kind> [folder or name]

Options:
  --plugin <kind>   make a plugin of this kind instead of a gateway
  --name <name>     the package's name (default: that of the folder)
  -y, --yes         ask nothing, take the defaults
  -v, --version     print the version
  -h, --help        print this help

Kinds of plugins:
${kindLines.join('\n')}

Examples:
  npm create gatewright@latest my-gateway
  npm create gatewright@latest -- --plugin provider @acme/provider-acme
  npm create gatewright@latest tools/guard -- --plugin guard --name acme-guard --yes
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  plugin: { type: 'string' },
  name: { type: 'string' },
} as const;

/** Throws a Failure that names the word that is not understood. */
export function wordsOf(argv: readonly string[]): Words {
  // `--plugin` at the end, without a kind, asks for one.
  const given = argv.at(-1) === '--plugin' ? [...argv, ''] : [...argv];
  const { values, positionals } = parsed(given);
  const [target, ...more] = positionals;
  if (more.length > 0) throw new Failure(`One folder is enough: "${more.join(' ')}" is too much.`, LIST);
  const { plugin } = values;
  if (plugin !== undefined && plugin !== '' && !isKind(plugin)) {
    throw new Failure(`There is no kind of plugin "${plugin}".`, `choose one of ${Object.keys(KINDS).join(', ')}`);
  }
  return { ...values, plugin, target, name: values.name };
}

const LIST = '--help lists what there is';

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    // The first sentence says what is wrong; the others are about the ways out that the parser has.
    throw new Failure(`${message.split('. ')[0]?.replace(/\.$/, '')}.`, LIST);
  }
}
