/** A provider whose streams the test writes, piece by piece. */
import { definePlugin, type Plugin, type ReplyBody, type ReplySink } from '@gatewright/core';
import { z } from 'zod';

/** One answer under way. */
export class Script implements ReplyBody {
  #sink: ReplySink | undefined;
  cancelled = false;

  pipe(sink: ReplySink): void {
    this.#sink = sink;
  }

  pause(): void {}

  resume(): void {}

  cancel(): void {
    this.cancelled = true;
  }

  /** So many events with a word each. */
  say(events: number): void {
    const choice = { index: 0, delta: { content: 'word ' }, finish_reason: null };
    for (let n = 0; n < events; n++) this.#event({ choices: [choice] });
  }

  /** The end, and what it says was used. */
  end(output: number): void {
    this.#event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    const usage = { prompt_tokens: 10, completion_tokens: output, total_tokens: 10 + output };
    this.#event({ choices: [], usage });
    this.#sink?.data(Buffer.from('data: [DONE]\n\n'));
    this.#sink?.end();
  }

  #event(fields: object): void {
    const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'script', ...fields };
    this.#sink?.data(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`));
  }
}

/** The provider `scripted`; its answers are added to the list as they begin. */
export function scripted(scripts: Script[]): Plugin {
  return definePlugin({
    name: 'test-scripted',
    version: '1.0.0',
    engine: '^1',
    id: 'scripted',
    options: z.strictObject({}),
    setup({ hooks }) {
      const call = async () => {
        const script = new Script();
        scripts.push(script);
        return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: script };
      };
      hooks.call.tap(call, { operations: { chat: { dialect: 'openai-chat' } } });
    },
  }) as Plugin;
}
