/** The command line: which commands there are, their options, their help. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { sayFailure } from './failure.ts';
import { start, type StartOptions } from './start.ts';
import { colorsFor, widthOf, type Terminal } from './terminal.ts';
import { coreVersion } from './version.ts';

const CONFIG = ['-c, --config <path>', 'the configuration, or a folder that has one (default: this folder)'] as const;

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

function createProgram(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('gatewright');
  program
    .description('A gateway for language models, composed of plugins.')
    .version(coreVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      getOutHasColors: () => colorsFor(terminal.out, terminal.env).isColorSupported,
      getErrHasColors: () => colorsFor(terminal.err, terminal.env).isColorSupported,
      getOutHelpWidth: () => Math.min(100, widthOf(terminal.out)),
      getErrHelpWidth: () => Math.min(100, widthOf(terminal.err)),
    })
    .exitOverride();
  addStart(program, terminal, done);
  return program;
}

function addStart(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('start')
    .description('boot the gateway and listen')
    .option(...CONFIG)
    .option('-p, --port <number>', 'the port to listen on, instead of the configured one; 0 for any free one', readPort)
    .option('--host <address>', 'the address to listen on, instead of the configured one')
    .action(async (options: StartOptions) => done(await start(options, terminal)));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
