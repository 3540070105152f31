/** A gateway with several simulated providers and the routing between them, for the tests of the routing. */
import type { ExchangeRecord, GatewayConfig, GatewayOptions, Plugin } from '@gatewright/core';
import authStatic from '@gatewright/auth-static';
import dialectOpenai from '@gatewright/dialect-openai';
import limits from '@gatewright/limits';
import prices from '@gatewright/prices';
import providerSimulated from '@gatewright/provider-simulated';
import routing from '@gatewright/routing';
import stateMemory from '@gatewright/state-memory';
import { startGateway, type TestGateway } from './gateways.ts';

/** Dollars per million tokens. */
const PRICES = [
  { provider: '*', model: 'dear', input: '30', output: '60' },
  { provider: '*', model: 'cheap', input: '1', output: '2' },
  { provider: '*', model: 'middle', input: '5', output: '10' },
];

export interface StageOptions extends GatewayOptions {
  readonly models: GatewayConfig['models'];
  readonly routing?: Record<string, unknown>;
  /** Behind the routing. */
  readonly behind?: readonly Plugin[];
  /** Before it. */
  readonly before?: readonly Plugin[];
  /** Limits per target. */
  readonly rules?: readonly unknown[];
  readonly drainTimeout?: string;
}

export class RoutingStage {
  readonly #running: TestGateway;
  readonly #config: Partial<GatewayConfig>;

  private constructor(running: TestGateway, config: Partial<GatewayConfig>) {
    this.#running = running;
    this.#config = config;
  }

  /** Providers `a` to `d`, and `simulated`, all alike; prices for `dear`, `cheap` and `middle`. */
  static async start(options: StageOptions): Promise<RoutingStage> {
    const { models, routing: own = {}, behind = [], before = [], rules = [], drainTimeout, ...rest } = options;
    const simulated = ['a', 'b', 'c', 'd'].map((id) => {
      return { use: providerSimulated, id, with: { tokensPerSecond: 0, firstTokenDelay: 0 } };
    });
    const keys = [
      { key: 'key-of-everybody-0123456789', id: 'all' },
      { key: 'key-bound-to-europe-0123456789', id: 'bound', tags: ['region:eu'] },
      { key: 'key-of-a-gold-customer-0123456789', id: 'gold', tags: ['gold'] },
      { key: 'key-for-smart-only-0123456789', id: 'narrow', models: ['smart', '@open'] },
    ];
    const plugins = [
      ...simulated,
      { use: authStatic as Plugin, with: { keys } },
      { use: stateMemory as Plugin },
      { use: prices as Plugin, with: { overrides: PRICES } },
      { use: limits as Plugin, with: { rules } },
      ...before.map((use) => ({ use })),
      { use: routing as Plugin, with: own },
      ...behind.map((use) => ({ use })),
    ];
    const config = {
      models,
      plugins,
      ...(drainTimeout === undefined ? {} : { drainTimeout }),
    } as Partial<GatewayConfig>;
    const running = await startGateway({ upstream: 'http://127.0.0.1:9', config, ...rest });
    return new RoutingStage(running, config);
  }

  get gateway(): TestGateway['gateway'] {
    return this.#running.gateway;
  }

  get records(): readonly ExchangeRecord[] {
    return this.#running.records;
  }

  /** Loads the same configuration again. */
  async reload(): Promise<void> {
    const plugins = [{ use: dialectOpenai as Plugin }, ...(this.#config.plugins ?? [])];
    await this.gateway.reload({ retries: 0, ...this.#config, plugins });
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  /** Asks for a chat. Answers with the status and the body. */
  async ask(over: object = {}, headers: Record<string, string> = {}): Promise<{ status: number; body: Body }> {
    const { statusCode, payload } = await this.gateway.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json', ...headers },
      payload: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }], ...over }),
    });
    return { status: statusCode, body: JSON.parse(payload) as Body };
  }

  /** Asks so many times, one after another, and tells the targets that were called, in order. */
  async targetsOf(count: number, over: object = {}, headers: Record<string, string> = {}): Promise<string[][]> {
    const from = this.records.length;
    for (let number = 0; number < count; number++) await this.ask(over, headers);
    return this.records.slice(from).map(({ attempts }) => attempts.map(({ target }) => target));
  }
}

export interface Body {
  readonly error?: { readonly message: string; readonly code: string; readonly type: string };
  readonly model?: string;
}

export const BOUND = { authorization: 'Bearer key-bound-to-europe-0123456789' };
export const GOLD = { authorization: 'Bearer key-of-a-gold-customer-0123456789' };
export const NARROW = { authorization: 'Bearer key-for-smart-only-0123456789' };
