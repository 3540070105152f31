/** What the shell blocks of documents may say, and how each is held to it. */
import type { Block } from './blocks.ts';

/** How a command is tested. */
export type Kind =
  /** Run against the quick start's gateway; it must answer. */
  | 'curl'
  /** Run from the repository's root; it must succeed. */
  | 'gatewright'
  /** One of the repository's own commands: `.ci/run` runs them from a fresh clone, `start` is how the gateway for `curl` starts. */
  | 'script'
  /** Installs packages; each must be one that this repository publishes or depends on. */
  | 'install'
  /** Stands in {@link UNTESTED}. */
  | 'untested';

/** Commands that no test runs, each with the reason. A command matches when it begins with one of these. */
export const UNTESTED: readonly { readonly starts: string; readonly reason: string }[] = [
  { starts: 'git clone ', reason: 'the test already runs in a clone' },
  { starts: 'npm run ask', reason: 'the test of the example runs the script against a gateway of its own' },
  { starts: 'npm create gatewright', reason: '`npm run pack:check` does it, with a registry of its own' },
  { starts: 'cd ', reason: 'it only says where the next command is typed' },
  { starts: 'export ', reason: "it sets a reader's own key" },
];

const SCRIPTS = /^npm (?:install|start|test|run (?:build|lint|docs|format))$/;
const INSTALL = /^npm (?:install|i) (?!-)\S/;
const READ_ONLY = /^npx gatewright (?:check|plan|explain|schema|plugins)\b/;

/** Sorts a command. Undefined for one that nobody knows how to test. */
export function kindOf(command: string): Kind | undefined {
  if (command.startsWith('curl ')) return 'curl';
  if (SCRIPTS.test(command)) return 'script';
  if (INSTALL.test(command)) return 'install';
  if (READ_ONLY.test(command)) return 'gatewright';
  return UNTESTED.some(({ starts }) => command.startsWith(starts)) ? 'untested' : undefined;
}

/**
 * The commands of a block, comments left out. Lines that go on (a backslash, an open quote) are put together, and
 * commands that are joined by `&&` are taken apart.
 */
export function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let current = '';
  for (const line of text.split('\n')) {
    current = current === '' ? line : `${current}\n${line}`;
    if (current.endsWith('\\') || quoteIsOpen(current)) continue;
    const whole = current.trim();
    current = '';
    if (whole !== '' && !whole.startsWith('#')) commands.push(...taken(whole));
  }
  return current.trim() === '' ? commands : [...commands, current.trim()];
}

/** A comment after a command goes; a pipe stays with the command that fills it. */
const taken = (command: string): string[] =>
  command.startsWith('curl ') ? [command] : command.replace(/\s+#.*$/, '').split(/\s+&&\s+/);

function quoteIsOpen(text: string): boolean {
  let open = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\' && open !== "'") index++;
    else if (open === '' && (char === '"' || char === "'")) open = char;
    else if (char === open) open = '';
  }
  return open !== '';
}

/** What is wrong with a shell block, as lines of the document. `packages` are those that a reader can install. */
export function shellFaults(block: Block, packages: ReadonlySet<string>): string[] {
  const where = `${block.path}:${block.line}`;
  return commandsOf(block.text).flatMap((command) => {
    const kind = kindOf(command);
    if (kind === undefined) {
      return [
        `${where} shows "${command}", which no test runs: add it to UNTESTED in test/docs/shell.ts with a reason.`,
      ];
    }
    const asked = kind === 'install' ? command.split(/\s+/).slice(2) : [];
    return asked
      .filter((word) => !word.startsWith('-') && !packages.has(word.replace(/(?<=.)@[^@/]*$/, '')))
      .map((word) => `${where} installs "${word}", which nobody here publishes or depends on.`);
  });
}
