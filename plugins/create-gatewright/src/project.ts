/** What is to be made, and where. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Words } from './command-line.ts';
import { Failure } from './failure.ts';
import { isKind, KINDS, type Kind } from './kinds.ts';
import type { Terminal } from './terminal.ts';

export interface Project {
  readonly kind: Kind | 'gateway';
  /** The package's name, with its scope. */
  readonly name: string;
  /** The name without scope: by it the configuration refers to a plugin. */
  readonly id: string;
  /** An absolute path. */
  readonly folder: string;
  /** The folder as the person at the terminal would name it. */
  readonly shown: string;
}

/** What npm allows, without what would be no name for a plugin in a configuration. */
const NAME = /^(?:@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

/** A file of these says nothing of a project: a folder may have them. */
const HARMLESS = new Set(['.git', '.DS_Store']);

/** Asks what the words do not say, where somebody is there to answer. Throws a Failure where it cannot be made. */
export async function projectOf(words: Words, terminal: Terminal): Promise<Project> {
  const ask = words.yes ? undefined : terminal.ask;
  const kind = words.plugin === undefined ? 'gateway' : await kindOf(words.plugin, ask);
  const target = words.target ?? (await targetOf(kind, words.name, ask));
  const scoped = /^@[^/\\]+\/[^/\\]+$/.test(target);
  const folder = resolve(terminal.cwd, scoped ? basename(target) : target);
  refuseFull(folder, terminal.cwd);
  const name = words.name ?? (scoped ? target : basename(folder).toLowerCase());
  if (!NAME.test(name)) {
    const rule = 'names are made of lower-case letters, digits, ".", "-" and "_", with a scope (@acme/…) or without';
    throw new Failure(`"${name}" cannot be the name of a package.`, `${rule}; give one with --name`);
  }
  const shown = relative(terminal.cwd, folder);
  return { kind, name, id: basename(name), folder, shown: shown === '' ? '.' : shown };
}

type Ask = Terminal['ask'];

async function kindOf(given: Kind | '', ask: Ask): Promise<Kind> {
  if (given !== '') return given;
  const kinds = Object.keys(KINDS).join(', ');
  const answer = (await ask?.(`What kind of plugin? (${kinds}) `))?.trim() ?? '';
  if (isKind(answer)) return answer;
  const said = answer === '' ? 'The kind of plugin is missing.' : `There is no kind of plugin "${answer}".`;
  throw new Failure(said, `--plugin takes one of ${kinds}`);
}

/** The folder's name, or a package's with its scope. */
async function targetOf(kind: Kind | 'gateway', name: string | undefined, ask: Ask): Promise<string> {
  const usual = name ?? (kind === 'gateway' ? 'my-gateway' : `my-${kind}`);
  const what = kind === 'gateway' ? 'Where shall the gateway be?' : 'What is the plugin called?';
  const answer = (await ask?.(`${what} (${usual}) `))?.trim() ?? '';
  return answer === '' ? usual : answer;
}

/** Nothing of anybody's is ever overwritten. */
function refuseFull(folder: string, cwd: string): void {
  if (!existsSync(folder)) return;
  const shown = relative(cwd, folder) === '' ? 'This folder' : `The folder ${relative(cwd, folder)}`;
  if (!statSync(folder).isDirectory()) throw new Failure(`${join(folder)} is a file.`, 'name a folder');
  const found = readdirSync(folder).filter((name) => !HARMLESS.has(name));
  if (found.length === 0) return;
  const some = found.slice(0, 3).join(', ') + (found.length > 3 ? ', …' : '');
  throw new Failure(`${shown} is not empty: it has ${some}.`, 'name a folder that is empty or does not exist yet');
}
