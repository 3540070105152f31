/** A gateway with the plugin under test in it, to send requests into without a port. */
import {
  createGateway,
  definePlugin,
  silentLogger,
  type Attempt,
  type AttemptOutcome,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  type ExchangeRecord,
  type Gateway,
  type GatewayConfig,
  type Identity,
  type Plugin,
  type PluginEntry,
} from '@gatewright/core';
import { z } from 'zod';
import { ManualClock } from '../manual-clock.ts';
import { neutralChat, neutralSurface } from './neutral-chat.ts';
import { replyTo, type Script } from './script.ts';

export interface TestGatewayOptions {
  readonly plugin: Plugin;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Plugins that it needs besides: a state, prices. */
  readonly plugins?: readonly PluginEntry[];
  /** More of the configuration. */
  readonly config?: Partial<GatewayConfig>;
  /** The names of the targets of the model `demo`, all served by the test itself. Default: one. */
  readonly targets?: readonly string[];
  /** What they answer. Default: a greeting. */
  readonly answer?: (attempt: Attempt) => Script;
  /** What each of them waits for before it answers. */
  readonly wait?: () => Promise<void>;
  /** Who is calling is said by the plugin under test. Default: the test says it, and takes any key for its own name. */
  readonly ownAuth?: boolean;
}

/** How a request is to differ from a plain one. */
export interface AskOptions {
  /** Who asks. Default `tester`; '' sends no key at all. */
  readonly key?: string;
  readonly stream?: boolean;
  /** More of the request, or other messages. */
  readonly request?: Partial<ChatRequest>;
}

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The bytes of the reply, as text. */
  readonly body: string;
  /** What the answer says, streamed or not; of an error nothing. */
  readonly text: string;
  /** The gateway's code, or the message of a stream that ended with an error. */
  readonly error?: string;
  readonly events: readonly ChatEvent[];
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  /** The records of finished exchanges. */
  readonly records: readonly ExchangeRecord[];
  /** The calls that were made to the targets, in order. */
  readonly attempts: readonly Attempt[];
  readonly outcomes: readonly AttemptOutcome[];
  /** Sends a chat with one message of the user's. */
  ask(text: string, options?: AskOptions): Promise<Asked>;
  close(): Promise<void>;
}

/** Boots it. Rejects as `createGateway` does. */
export async function testGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { plugin, plugins = [], config = {}, targets = ['one'] } = options;
  const clock = new ManualClock();
  const seen = { records: [] as ExchangeRecord[], attempts: [] as Attempt[], outcomes: [] as AttemptOutcome[] };
  const gateway = await createGateway(
    {
      retries: 0,
      ...config,
      plugins: [
        { use: ground(options, seen) },
        ...plugins,
        { use: plugin, ...(options.options !== undefined && { with: { ...options.options } }) },
      ],
      models: { demo: { targets: targets.map((name) => `testkit/${name}`) }, ...config.models },
    },
    { clock, logger: silentLogger, cwd: import.meta.dirname },
  );
  return {
    gateway,
    clock,
    ...seen,
    ask: (text, more = {}) => ask(gateway, text, more),
    close: async () => void (await gateway.close()),
  };
}

interface Seen {
  readonly records: ExchangeRecord[];
  readonly attempts: Attempt[];
  readonly outcomes: AttemptOutcome[];
}

/** What the plugin under test stands on: a surface, who is calling, models that answer, and somebody who takes notes. */
function ground({ answer = () => ({}), ownAuth = false, wait }: TestGatewayOptions, seen: Seen): Plugin {
  return definePlugin({
    name: 'testkit-ground',
    version: '0.1.0',
    engine: '^1',
    options: z.strictObject({}),
    setup({ hooks, dialect, surface }) {
      dialect(neutralChat);
      surface(neutralSurface);
      if (!ownAuth) hooks.auth.tap(({ credential }): Identity => ({ key: credential ?? 'nobody' }), { stage: 'late' });
      hooks.call.tap(
        async (attempt) => {
          const number = seen.attempts.push(attempt);
          await wait?.();
          const { stream, target } = attempt;
          return replyTo(answer(attempt), { stream, model: target.model, id: `answer-${number}` });
        },
        { provider: 'testkit', operations: { chat: { dialect: neutralChat.id } } },
      );
      hooks.meter.settle.tap((outcome) => void seen.outcomes.push(outcome));
      hooks.log.tap((record) => void seen.records.push(record));
    },
  });
}

async function ask(
  gateway: Gateway,
  text: string,
  { key = 'tester', stream = false, request }: AskOptions,
): Promise<Asked> {
  const { statusCode, headers, payload } = await gateway.inject({
    method: 'POST',
    url: neutralSurface.path,
    headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    payload: { model: 'demo', messages: [{ role: 'user', parts: [{ type: 'text', text }] }], stream, ...request },
  });
  const base = { status: statusCode, headers, body: payload };
  if (statusCode !== 200) {
    const { error } = (payload.startsWith('{') ? JSON.parse(payload) : {}) as { error?: { code?: string } };
    return { ...base, text: '', events: [], error: error?.code ?? `status ${statusCode}` };
  }
  if (!stream) {
    const { candidates } = JSON.parse(payload) as ChatResponse;
    const parts = candidates.flatMap((candidate) => candidate.parts);
    return { ...base, events: [], text: parts.map((part) => (part.type === 'text' ? part.text : '')).join('') };
  }
  const events = [...payload.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as ChatEvent);
  const failure = events.find((event) => event.type === 'error');
  const said = events.map(textOf).join('');
  return { ...base, events, text: said, ...(failure !== undefined && { error: failure.message }) };
}

function textOf(event: ChatEvent): string {
  if (event.type === 'part-start') return event.part.type === 'text' ? event.part.text : '';
  return event.type === 'part-delta' && event.delta.kind === 'text' ? event.delta.text : '';
}
