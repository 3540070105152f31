/** Gateways for tests: the two dialects, their providers pointed at a loopback upstream, and a sink that keeps the records. */
import type { AddressInfo } from 'node:net';
import {
  createGateway,
  definePlugin,
  silentLogger,
  type ExchangeRecord,
  type Gateway,
  type GatewayConfig,
  type GatewayOptions,
  type Plugin,
  type SetupContext,
} from '@gatewright/core';
import dialectAnthropic from '@gatewright/dialect-anthropic';
import dialectOpenai from '@gatewright/dialect-openai';
import providerAnthropic from '@gatewright/provider-anthropic';
import providerOpenai from '@gatewright/provider-openai';
import { z } from 'zod';

/** A plugin that is nothing but its setup. */
export function inlinePlugin(id: string, setup: (context: SetupContext) => void | Promise<void>): Plugin {
  return definePlugin({
    name: `test-${id}`,
    version: '1.0.0',
    engine: '^1',
    id,
    options: z.strictObject({}),
    setup,
  }) as Plugin;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly url: string;
  /** The records of finished exchanges, in the order they ended. */
  readonly records: ExchangeRecord[];
  /** Resolves with the record of index `index` once it is there. */
  record(index?: number): Promise<ExchangeRecord>;
  close(): Promise<void>;
}

export interface TestGatewayOptions extends GatewayOptions {
  /** The base URL of the upstream. */
  readonly upstream: string;
  /** More plugins, behind the dialects and providers. */
  readonly plugins?: readonly Plugin[];
  readonly config?: Partial<GatewayConfig>;
}

/** The models that every test gateway has: `gpt` and `claude`, served by their own providers. */
const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
};

export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { upstream, plugins = [], config = {}, ...rest } = options;
  const records: ExchangeRecord[] = [];
  const sink = inlinePlugin('sink', ({ hooks }) => hooks.log.tap((record) => void records.push(record)));
  const gateway = await createGateway(
    {
      retries: 0,
      models: MODELS,
      ...config,
      plugins: [
        { use: dialectOpenai as Plugin },
        { use: dialectAnthropic as Plugin },
        { use: providerOpenai as Plugin, with: { apiKey: 'upstream-openai-key', baseUrl: `${upstream}/v1` } },
        { use: providerAnthropic as Plugin, with: { apiKey: 'upstream-anthropic-key', baseUrl: upstream } },
        ...plugins.map((use) => ({ use })),
        ...(config.plugins ?? []),
        { use: sink },
      ],
    },
    { logger: silentLogger, ...rest },
  );
  const address: AddressInfo = await gateway.listen({ port: 0, host: '127.0.0.1' });
  return {
    gateway,
    url: `http://127.0.0.1:${address.port}`,
    records,
    record: (index = 0) => waitFor(() => records[index]),
    close: async () => {
      await gateway.close();
    },
  };
}

/** Asks until there is an answer; fails after fifteen seconds: threads and processes start slowly on a machine that is busy. */
export async function waitFor<T>(ask: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 3000; tries++) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not happen within fifteen seconds.');
}

/** A POST with JSON, in either dialect. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });
}
