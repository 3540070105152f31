/** Asks questions at the terminal. */
import type { Interface } from 'node:readline';

let lines: Interface | undefined;
let answers: AsyncIterator<string, undefined> | undefined;
let gone = false;

/**
 * The answer; '' where the input ends without one (Ctrl-D). Lines that come early answer the next question. Questions go to
 * standard error, so that output stays clean.
 */
export async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  if (lines === undefined) {
    lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.once('close', () => (gone = true));
    // Ctrl-C is no answer.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    answers = lines[Symbol.asyncIterator]();
  }
  if (gone) return '';
  lines.setPrompt(question);
  lines.prompt();
  const answer = await answers?.next();
  // Nobody is waited for any more, until the next question.
  if (answer?.done !== true) lines.pause();
  return answer === undefined || answer.done === true ? '' : answer.value;
}
