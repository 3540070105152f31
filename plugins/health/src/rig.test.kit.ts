/** Gateways in front of providers that answer as the test says, on a clock that the test holds. */
import {
  createGateway,
  definePlugin,
  silentLogger,
  type Clock,
  type Gateway,
  type GatewayConfig,
  type Health,
  type Plugin,
  type SetupContext,
} from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import provider from '@gatewright/provider-openai-compatible';
import { fakeUpstream, ManualClock, type Answer, type FakeUpstream } from '@gatewright/testkit';
import { z } from 'zod';
import plugin from './index.ts';

const COMPLETION = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'up',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

const EVENT = { ...COMPLETION, object: 'chat.completion.chunk', usage: undefined };

export const WELL: Answer = { body: JSON.stringify(COMPLETION) };
/** The first half of a stream; the connection then breaks. */
export const CUT: Answer = {
  headers: { 'content-type': 'text/event-stream' },
  body: `data: ${JSON.stringify({ ...EVENT, choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' }, finish_reason: null }] })}\n\n`,
  end: 'reset',
};

export const failing = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => {
  return { status, headers, body: JSON.stringify({ error: { message: `It is ${status}.`, type: 'x', code: null } }) };
};

/** A plugin that is nothing but its setup. */
export function inline(id: string, setup: (context: SetupContext) => void, provides: readonly 'state'[] = []): Plugin {
  const options = z.strictObject({});
  return definePlugin({ name: id, version: '1.0.0', engine: '^1', id, options, provides, setup }) as Plugin;
}

export interface Setting {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly plugins?: readonly Plugin[];
  /** More of them, with options. */
  readonly entries?: NonNullable<GatewayConfig['plugins']>;
  readonly clock?: Clock;
  /** Default 0. */
  readonly retries?: number;
  readonly models?: GatewayConfig['models'];
  readonly upstreams?: { readonly main: FakeUpstream; readonly spare: FakeUpstream };
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly error?: { readonly code?: string; readonly message?: string } };
  readonly text: string;
}

export interface Rig {
  readonly clock: ManualClock;
  readonly gateway: Gateway;
  /** What `main/up` and `spare/up` are served by. */
  readonly main: FakeUpstream;
  readonly spare: FakeUpstream;
  readonly health: () => Health;
  readonly config: GatewayConfig;
  ask(model?: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Told>;
  asks(count: number, model?: string): Promise<void>;
}

const closing: (() => Promise<unknown>)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}

/** `alone` has one target, `safe` falls back to another provider. */
const MODELS = {
  alone: { targets: ['main/up'] },
  safe: { targets: ['main/up'], fallbacks: ['spare'] },
  spare: { targets: ['spare/up'] },
};

export async function startUpstreams(): Promise<{ main: FakeUpstream; spare: FakeUpstream }> {
  const [main, spare] = [await fakeUpstream(WELL), await fakeUpstream(WELL)];
  closing.push(
    () => main.close(),
    () => spare.close(),
  );
  return { main, spare };
}

export async function startRig(setting: Setting = {}): Promise<Rig> {
  const { main, spare } = setting.upstreams ?? (await startUpstreams());
  const manual = new ManualClock();
  let health: Health | undefined;
  const reader = inline('reader', ({ useIfPresent }) => void (health = useIfPresent('health')));
  const config: GatewayConfig = {
    retries: setting.retries ?? 0,
    models: setting.models ?? MODELS,
    plugins: [
      { use: dialect as Plugin },
      { use: provider as Plugin, id: 'main', with: { baseUrl: `${main.origin}/v1` } },
      { use: provider as Plugin, id: 'spare', with: { baseUrl: `${spare.origin}/v1` } },
      ...(setting.plugins ?? []).map((use) => ({ use })),
      ...(setting.entries ?? []),
      { use: plugin as Plugin, with: setting.options ?? {} },
      { use: reader },
    ],
  };
  const gateway = await createGateway(config, {
    logger: silentLogger,
    clock: setting.clock ?? manual,
    random: () => 0,
  });
  closing.push(() => gateway.close());
  const ask = async (model = 'alone', body: object = {}, more = {}): Promise<Told> => {
    const reply = await gateway.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', ...more },
      payload: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], ...body }),
    });
    const { statusCode: status, headers, payload: text } = reply;
    return { status, headers, text, body: text.startsWith('{') ? (JSON.parse(text) as Told['body']) : {} };
  };
  return {
    clock: manual,
    gateway,
    main,
    spare,
    config,
    ask,
    asks: async (count, model) => {
      for (let index = 0; index < count; index++) await ask(model);
    },
    health: () => {
      if (health === undefined) throw new Error('Nobody provides the service "health".');
      return health;
    },
  };
}
