/** Runs the command line of this process. */
import { create } from './index.ts';
import { Person } from './person.ts';

const person = new Person(process.stdin, process.stdout);

process.exitCode = await create(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  cwd: process.cwd(),
  ask: process.stdin.isTTY && process.stdout.isTTY ? (question) => person.ask(question) : undefined,
});
person.leave();
