/** A request of one dialect on its way to the provider of the other: what that one received, or why it received nothing. */
import { post, startGateway, type TestGateway } from './gateways.ts';
import type { RecordedDialect } from './recordings.ts';
import { violations } from './specs.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { ANTHROPIC_FRAMES, ANTHROPIC_HELLO, OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';

export type Json = Readonly<Record<string, unknown>>;

/** For requests of each dialect: where they go in, who they are for, what that one answers, and what either allows. */
export const ACROSS = {
  'openai-chat': {
    path: '/v1/chat/completions',
    model: 'claude',
    whole: ANTHROPIC_HELLO,
    frames: ANTHROPIC_FRAMES,
    own: 'openai-request',
    other: 'anthropic-request',
  },
  'anthropic-messages': {
    path: '/v1/messages',
    model: 'gpt',
    whole: OPENAI_HELLO,
    frames: OPENAI_FRAMES,
    own: 'anthropic-request',
    other: 'openai-request',
  },
} as const;

export interface Outcome {
  readonly status: number;
  /** What the client was told of losses, in the header. */
  readonly warning: string | null;
  /** What the provider received; undefined where it was asked nothing. */
  readonly sent: Json | undefined;
  /** What is wrong with it by its schema; nothing where there is no schema. */
  readonly faults: readonly string[];
  /** The code of the gateway's refusal, and the field that it names. */
  readonly code: string | undefined;
  readonly field: string | undefined;
  /** The body of the reply. */
  readonly reply: string;
}

/** A refusal says what cannot be expressed; in JSON its quotes are escaped. */
const REFUSAL = /cannot express \\?"([\w.[\]-]+)\\?"/;

const MODELS = {
  gpt: { targets: ['openai/gpt-up'] },
  claude: { targets: ['anthropic/claude-up'] },
  'gpt-lenient': { targets: ['openai/gpt-up'], unsupported: 'drop' as const },
  'claude-lenient': { targets: ['anthropic/claude-up'], unsupported: 'drop' as const },
};

export class Crossing {
  readonly upstream: Upstream;
  readonly gateway: TestGateway;
  #asked = 0;

  private constructor(upstream: Upstream, gateway: TestGateway) {
    this.upstream = upstream;
    this.gateway = gateway;
  }

  static async open(): Promise<Crossing> {
    const upstream = await Upstream.start();
    return new Crossing(upstream, await startGateway({ upstream: upstream.url, config: { models: MODELS } }));
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.upstream.stop();
  }

  /** Sends a request to the other provider; with `lenient`, what cannot be expressed is dropped and said. */
  async send(dialect: RecordedDialect, request: Json, lenient = false): Promise<Outcome> {
    const { path, model, whole, frames, other } = ACROSS[dialect];
    const stream = request['stream'] === true;
    this.upstream.answer(stream ? { headers: EVENT_STREAM, chunks: frames } : { headers: JSON_BODY, chunks: [whole] });
    const body = { ...request, model: lenient ? `${model}-lenient` : model };
    const response = await post(`${this.gateway.url}${path}`, body);
    const reply = await response.text();
    const { error } = await this.gateway.record(this.#asked++);
    const received = this.upstream.received[0]?.body.toString();
    const sent = received === undefined ? undefined : (JSON.parse(received) as Json);
    return {
      status: response.status,
      warning: response.headers.get('x-gatewright-warning'),
      sent,
      faults: sent === undefined ? [] : violations(other, sent),
      code: error?.code,
      field: REFUSAL.exec(reply)?.[1],
      reply,
    };
  }
}
