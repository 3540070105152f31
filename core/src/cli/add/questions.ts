/** Gathers the options of a plugin: from the command line, and from whoever sits at the terminal. */
import type { Plugin } from '../../plugin.ts';
import { CommandFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import {
  givenOptions,
  missingOptions,
  reference,
  setOption,
  valueOf,
  variableFor,
  type Option,
  type Options,
} from './options.ts';

export interface Gathered {
  readonly options: Options;
  /** What is still to be done. */
  readonly notes: readonly string[];
}

/** Rejects with a CommandFailure that lists what is missing where nobody can be asked. */
export async function gathered(
  plugin: Plugin,
  id: string,
  set: readonly string[],
  terminal: Terminal,
): Promise<Gathered> {
  const { options, kept } = givenOptions(plugin, id, set);
  const missing = missingOptions(plugin, options);
  const { ask, env } = terminal;
  const variables = new Set<string>();
  const open = missing.filter(({ secret }) => !secret);
  if (ask === undefined && open.length > 0) throw new CommandFailure(wanting(plugin, open), example(open));
  for (const option of missing) {
    if (option.secret) {
      const variable = await askVariable(option, id, ask);
      setOption(options, option.path, reference(variable));
      variables.add(variable);
    } else if (ask !== undefined) setOption(options, option.path, await askValue(option, ask));
  }
  const notes = [
    ...kept.map((name) => `A secret was not written down: the configuration takes it from ${name}.`),
    ...[...variables, ...kept]
      .filter((name) => !env[name])
      .map((name) => `Set ${name} before the gateway starts: export ${name}=…`),
  ];
  return { options, notes };
}

type Ask = NonNullable<Terminal['ask']>;

async function askValue(option: Option, ask: Ask): Promise<unknown> {
  const { path, description, choices, type } = option;
  const kind = choices.length > 0 ? choices.join(', ') : type;
  for (;;) {
    const answer = (await ask(`${description}\n${path.join('.')} (${kind}): `)).trim();
    if (answer === '') throw new CommandFailure(`${path.join('.')} must have a value.`, example([option]));
    if (choices.length === 0 || choices.includes(answer)) return valueOf(option, answer);
  }
}

/** Secrets are never asked for: they would stand in the file, and on the screen. */
async function askVariable(option: Option, id: string, ask: Ask | undefined): Promise<string> {
  const usual = variableFor(id, option);
  if (ask === undefined) return usual;
  for (;;) {
    const question = `${option.description}\nThe environment variable that holds ${option.path.join('.')} (${usual}): `;
    const answer = (await ask(question)).trim();
    if (answer === '') return usual;
    if (/^[A-Za-z_]\w*$/.test(answer)) return answer;
  }
}

function wanting(plugin: Plugin, missing: readonly Option[]): string {
  const lines = missing.map(({ path, type, description }) => `    ${path.join('.')} (${type}): ${description}`);
  return [`${plugin.name} ${plugin.version} needs options that were not given:`, ...lines].join('\n');
}

const example = (missing: readonly Option[]): string =>
  `give ${missing.length === 1 ? 'it' : 'them'} with ${missing.map(({ path }) => `--set ${path.join('.')}=…`).join(' ')}`;
