/** What the official SDKs make of an answer: every event that they show, what they put together in the end, or how they fail. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { RecordedDialect } from './recordings.ts';

export interface Failure {
  /** The class of the SDK's error. */
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** What an SDK decoded, and the bytes that it decoded it from. */
export interface Decoded {
  /** The events of a stream, in order; none for a whole answer. */
  readonly events: readonly unknown[];
  /** The whole answer, or the one that the SDK gathered from the events; undefined where it failed. */
  readonly final: unknown;
  readonly failure: Failure | undefined;
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came. */
  readonly raw: string;
}

export interface Question {
  /** The root of the server, without `/v1`. */
  readonly url: string;
  readonly model: string;
  readonly stream: boolean;
  /** Headers for the client to send. */
  readonly headers?: Record<string, string>;
}

/** A `fetch` that keeps what came, also where the SDK gave up on it. */
class Tap {
  #response: Response | undefined;
  #raw = '';
  #over: Promise<void> | undefined;

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    this.#response = response;
    this.#over = this.#read(response.clone());
    return response;
  };

  async seen(): Promise<Pick<Decoded, 'status' | 'headers' | 'raw'>> {
    await this.#over;
    const { status = 0, headers = new Headers() } = this.#response ?? {};
    return { status, headers, raw: this.#raw };
  }

  async #read({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body ?? []) this.#raw += decoder.decode(chunk, { stream: true });
    } catch {
      // The SDK has cancelled the reply.
    }
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: typeof error, status: undefined, message: String(error) };
  const { status } = error as { status?: number };
  return { name: error.constructor.name, status, message: error.message };
}

/** Asks in the dialect's own SDK and decodes the answer with it. */
export function decode(dialect: RecordedDialect, question: Question): Promise<Decoded> {
  return dialect === 'openai-chat' ? decodeOpenai(question) : decodeAnthropic(question);
}

async function decodeWith(tap: Tap, run: (events: unknown[]) => Promise<unknown>): Promise<Decoded> {
  const events: unknown[] = [];
  let final: unknown;
  let failure: Failure | undefined;
  try {
    final = structuredClone(await run(events));
  } catch (error) {
    failure = failureOf(error);
  }
  return { events, final, failure, ...(await tap.seen()) };
}

function decodeOpenai({ url, model, stream, headers }: Question): Promise<Decoded> {
  const tap = new Tap();
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: 'client-key',
    maxRetries: 0,
    fetch: tap.fetch,
    ...(headers === undefined ? {} : { defaultHeaders: headers }),
  });
  const messages = [{ role: 'user' as const, content: 'hi' }];
  return decodeWith(tap, (events) => {
    if (!stream) return client.chat.completions.create({ model, messages });
    const runner = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    runner.on('chunk', (chunk) => void events.push(structuredClone(chunk)));
    return runner.finalChatCompletion();
  });
}

function decodeAnthropic({ url, model, stream, headers }: Question): Promise<Decoded> {
  const tap = new Tap();
  const client = new Anthropic({
    baseURL: url,
    apiKey: 'client-key',
    maxRetries: 0,
    fetch: tap.fetch,
    ...(headers === undefined ? {} : { defaultHeaders: headers }),
  });
  const body = { model, max_tokens: 1024, messages: [{ role: 'user' as const, content: 'hi' }] };
  return decodeWith(tap, (events) => {
    if (!stream) return client.messages.create(body);
    const runner = client.messages.stream(body);
    runner.on('streamEvent', (event) => void events.push(structuredClone(event)));
    return runner.finalMessage();
  });
}

/** What two decodings must have in common to be the same. */
export function essence({ events, final, failure }: Decoded): unknown {
  return { events, final, failure };
}
