/** Whoever sits at the terminal: asked one thing after the other. */
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export class Person {
  readonly #input: Readable;
  readonly #output: Writable;
  #lines: Interface | undefined;
  /** The input has ended. */
  #gone = false;
  #answers: AsyncIterator<string, undefined> | undefined;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  /** The answer; '' where the input ends without one (Ctrl-D). Lines that come early answer the next question. */
  async ask(question: string): Promise<string> {
    const lines = (this.#lines ??= this.#open());
    this.#answers ??= lines[Symbol.asyncIterator]();
    if (this.#gone) this.#output.write(question);
    else {
      lines.setPrompt(question);
      lines.prompt();
    }
    const answer = await this.#answers.next();
    return answer.done === true ? '' : answer.value;
  }

  /** Nothing more is asked: the process may end. */
  leave(): void {
    this.#lines?.close();
  }

  #open(): Interface {
    const lines = createInterface({ input: this.#input, output: this.#output });
    lines.once('close', () => (this.#gone = true));
    // Ctrl-C is no answer: it ends the program, as it does anywhere else.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    return lines;
  }
}
