/** A Lua script of Redis: sent by its hash, and whole where the server does not have it. */
import { createHash } from 'node:crypto';

/** What runs scripts: a connection to one server or to a cluster. */
export interface ScriptRunner {
  evalsha(sha: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  eval(text: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
}

/** What a script answers. */
export type Reply = readonly (string | number | null)[];

export class Script {
  readonly name: string;
  readonly text: string;
  readonly #sha: string;

  /** The text declares its keys: it begins with `#!lua`, and touches no key besides those that it is given. */
  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.#sha = createHash('sha1').update(text).digest('hex');
  }

  /** The reply's strings; what Redis has no value for is ''. */
  async run(runner: ScriptRunner, keys: readonly string[], values: readonly string[]): Promise<string[]> {
    const reply = await this.ask(runner, keys, values);
    return reply.map((one) => (typeof one === 'string' || typeof one === 'number' ? `${one}` : ''));
  }

  /** The reply as it is. */
  async ask(runner: ScriptRunner, keys: readonly string[], values: readonly string[]): Promise<Reply> {
    const rest = [...keys, ...values];
    try {
      return (await runner.evalsha(this.#sha, keys.length, ...rest)) as Reply;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await runner.eval(this.text, keys.length, ...rest)) as Reply;
    }
  }
}
