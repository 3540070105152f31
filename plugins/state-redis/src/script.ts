/** A Lua script of Redis: sent by its hash, and whole where the server does not have it. */
import { createHash } from 'node:crypto';

/** What runs scripts: a connection to one server or to a cluster. */
export interface ScriptRunner {
  evalsha(sha: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  eval(text: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
}

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
    const rest = [...keys, ...values];
    let reply: unknown;
    try {
      reply = await runner.evalsha(this.#sha, keys.length, ...rest);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      reply = await runner.eval(this.text, keys.length, ...rest);
    }
    return (reply as unknown[]).map((one) => (typeof one === 'string' || typeof one === 'number' ? `${one}` : ''));
  }
}
