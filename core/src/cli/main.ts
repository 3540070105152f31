/** Runs the command line of this process. */
import { processTerminal } from './process-terminal.ts';
import { runCommand } from './program.ts';

process.exitCode = await runCommand(process.argv.slice(2), processTerminal());
