/** The command line: which commands there are, their options, their help. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addAdd } from './add/command.ts';
import type { CheckOptions } from './check.ts';
import type { ExplainOptions } from './explain.ts';
import { MOST_WORKERS } from '../config/running.ts';
import { sayFailure } from './failure.ts';
import { EXAMPLES, HELP } from './help.ts';
import { addKeys } from './keys/command.ts';
import type { PlanOptions } from './plan.ts';
import { addPlugins } from './plugins/command.ts';
import { repeated } from './repeated.ts';
import type { SchemaOptions } from './schema.ts';
import type { StartOptions } from './start.ts';
import { colorsFor, widthOf, type Terminal } from './terminal.ts';
import { coreVersion } from './version.ts';

/** Lines of help are easier to read when they are not as long as a wide terminal is. */
const HELP_WIDTH = 100;

const CONFIG = ['-c, --config <path>', HELP.config] as const;
const JSON_FLAG = ['--json', HELP.json] as const;

/** Runs a command line (without node and script) and answers with the exit code. Never rejects. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = createProgram(terminal, (result) => (code = result));
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    sayFailure(error, terminal);
    return 1;
  }
}

type Done = (code: number) => void;

function createProgram(terminal: Terminal, done: Done): Command {
  const { out, err, env } = terminal;
  const program = new Command('gatewright');
  program
    .description(HELP.program)
    .version(coreVersion(), '-v, --version', HELP.version)
    .helpOption('-h, --help', HELP.help)
    .helpCommand(false)
    .configureHelp({ styleTitle: (text) => colorsFor(out, env).bold(text), showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      outputError: (text, write) => write(colorsFor(err, env).red(text)),
      getOutHasColors: () => colorsFor(out, env).isColorSupported,
      getErrHasColors: () => colorsFor(err, env).isColorSupported,
      getOutHelpWidth: () => Math.min(HELP_WIDTH, widthOf(out)),
      getErrHelpWidth: () => Math.min(HELP_WIDTH, widthOf(err)),
    })
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride();
  addServing(program, terminal, done);
  addReading(program, terminal, done);
  addExplain(program, terminal, done);
  addSchema(program, terminal, done);
  addPlugins(program, terminal, done);
  addAdd(program, terminal, done);
  addKeys(program, terminal, done);
  program.addHelpText('after', `\n${EXAMPLES.program}`);
  return program;
}

// Commands are imported when they are run: `start` should not wait for what it does not need.
function addServing(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('start')
    .summary(HELP.start.summary)
    .description(HELP.start.description)
    .option(...CONFIG)
    .option('-p, --port <number>', 'listen on this port instead of the configured one; 0 for any free one', readPort)
    .option('--host <address>', 'listen on this address instead of the configured one')
    .option('--workers <number>', 'serve with so many processes instead of what is configured, or auto', readWorkers)
    .option('--watch', 'read the configuration again when its file has changed')
    .addHelpText('after', `\n${EXAMPLES.start}`)
    .action(async (options: StartOptions) => done(await (await import('./start.ts')).start(options, terminal)));
}

function addReading(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('check')
    .summary(HELP.check.summary)
    .description(HELP.check.description)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .addHelpText('after', `\n${EXAMPLES.check}`)
    .action(async (options: CheckOptions) => done(await (await import('./check.ts')).check(options, terminal)));
  program
    .command('plan')
    .summary(HELP.plan.summary)
    .description(HELP.plan.description)
    .option(...CONFIG)
    .option('--against <path>', 'another configuration: shows only what a reload to it would change')
    .option('--running', 'what a reload of a running gateway would change now; it is asked over its management routes')
    .option(
      '--url <address>',
      'with --running: where the gateway is (default: GATEWRIGHT_URL, else http://127.0.0.1:4000)',
    )
    .option(
      '--admin-key-file <path>',
      'with --running: a file that holds the admin key (default: GATEWRIGHT_ADMIN_KEY)',
    )
    .option(...JSON_FLAG)
    .addHelpText('after', `\n${EXAMPLES.plan}`)
    .action(async (options: PlanOptions) => done(await (await import('./plan.ts')).plan(options, terminal)));
}

function addExplain(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('explain')
    .summary(HELP.explain.summary)
    .description(HELP.explain.description)
    .option(...CONFIG)
    .option('-m, --model <name>', 'the model to ask for (default: the first that is configured)')
    .option('-s, --surface <id>', 'where the request comes in (default: the first surface that chats)')
    .option('--prompt <text>', 'what to ask (default: Hello)')
    .option('--body <file>', 'a whole request body instead of a prompt; - reads standard input')
    .option('-k, --key <key>', 'the key that the client would send; it is shown nowhere')
    .option('-H, --header <header>', 'a header that the client would send, as "name: value"; may be repeated', repeated)
    .option('--param <name=value>', "a parameter of the surface's path; may be repeated", repeated)
    .option('--query <text>', 'the query of the URL: name=value&name=value')
    .option('--stream', 'ask for a stream')
    .option(...JSON_FLAG)
    .addHelpText('after', `\n${EXAMPLES.explain}`)
    .action(async (options: ExplainOptions) => done(await (await import('./explain.ts')).explain(options, terminal)));
}

function addSchema(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('schema')
    .summary(HELP.schema.summary)
    .description(HELP.schema.description)
    .option(...CONFIG)
    .option('-o, --out <file>', 'write to this file instead of standard output')
    .addHelpText('after', `\n${EXAMPLES.schema}`)
    .action(async (options: SchemaOptions) => done(await (await import('./schema.ts')).schema(options, terminal)));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function readWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const workers = Number(text);
  if (/^\d+$/.test(text) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new InvalidArgumentError(`A number of workers is one from 1 to ${MOST_WORKERS}, or auto.`);
}
