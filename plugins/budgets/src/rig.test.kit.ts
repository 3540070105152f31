/** A gateway with budgets, on the state in memory and a simulated model that has a price. */
import {
  createGateway,
  definePlugin,
  type AttemptOutcome,
  type Clock,
  type Gateway,
  type Identity,
  type Logger,
  type Plugin,
  type State,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerSimulated from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import { z } from 'zod';
import plugin from './index.ts';
import { scripted, type Script } from './script.test.kit.ts';

/** A clock that stands still until it is moved. */
export class Hands implements Clock {
  time = Date.UTC(2026, 10, 22, 12);
  now = (): number => this.time;
  monotonic = (): number => this.time;
  after(_delay: number, _task: () => void): () => void {
    return () => undefined;
  }
}

export interface Rig {
  readonly gateway: Gateway;
  readonly clock: Hands;
  readonly warnings: string[];
  readonly outcomes: AttemptOutcome[];
  readonly state: State;
  /** The answers of the model `script`, which the test writes. */
  readonly scripts: readonly Script[];
  ask(identity: object, over?: object): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** $1 per million input tokens, $2 per million output tokens: 1,000 and 2,000 nano-dollars for one. */
const PRICES = {
  overrides: ['smart', 'script', 'error-500', 'tokens-*'].map((model) => ({ model, input: '1', output: '2' })),
};

const MODELS = {
  smart: { targets: ['simulated/smart'] },
  script: { targets: ['scripted/script'] },
  cheap: { targets: ['simulated/smart'] },
  broken: { targets: ['simulated/error-500'] },
  cut: { targets: ['simulated/tokens-30+cut-mid-stream'] },
  free: { targets: ['simulated/free'] },
  unpriced: { targets: ['nobody/knows'] },
};

export async function startRig(options: Record<string, unknown>): Promise<Rig> {
  const clock = new Hands();
  const warnings: string[] = [];
  const outcomes: AttemptOutcome[] = [];
  const scripts: Script[] = [];
  let state: State | undefined;
  const helper = definePlugin({
    name: 'test-helper',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    uses: ['state'],
    setup({ hooks, use }) {
      state = use('state');
      hooks.auth.tap(({ credential }) =>
        credential === undefined ? undefined : (JSON.parse(credential, amounts) as Identity),
      );
      hooks.meter.settle.tap((outcome) => void outcomes.push(outcome));
    },
  }) as Plugin;
  const simulated = { tokensPerSecond: 0, firstTokenDelay: 0 };
  const plugins = [
    { use: dialectOpenai as Plugin },
    { use: providerSimulated as Plugin, with: simulated },
    { use: providerSimulated as Plugin, id: 'nobody', with: simulated },
    { use: scripted(scripts) },
    { use: prices as Plugin, with: { ...PRICES, free: ['simulated/free'], unpriced: 'ignore' } },
    { use: stateMemory as Plugin },
    { use: helper },
    { use: plugin as Plugin, with: options },
  ];
  const quiet = (): void => undefined;
  const logger: Logger = { debug: quiet, info: quiet, error: quiet, warn: (message) => void warnings.push(message) };
  const gateway = await createGateway({ retries: 0, models: MODELS, plugins }, { logger, clock });
  return {
    gateway,
    clock,
    warnings,
    outcomes,
    scripts,
    state: state as State,
    ask: (...given) => ask(gateway, ...given),
  };
}

const amounts = (name: string, value: unknown): unknown =>
  name === 'limit' || name === 'soft' ? BigInt(value as number) : value;

async function ask(gateway: Gateway, identity: object, over: object = {}): Promise<Answer> {
  const body = { model: 'smart', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100, ...over };
  const { statusCode, headers, payload } = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { authorization: `Bearer ${JSON.stringify(identity)}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
  return {
    status: statusCode,
    headers,
    text: payload,
    json: payload.startsWith('{') ? (JSON.parse(payload) as never) : {},
  };
}
