/** A gateway with the plugin in it, which answers without any account; the tests send it requests without a port. */
import type { TestContext } from 'node:test';
import { createGateway, silentLogger, use, type Gateway } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import simulated from '@gatewright/provider-simulated';
import plugin from './index.ts';

type Options = Parameters<typeof plugin.options.parse>[0];

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Boots the gateway; it is closed with the test. */
export async function gatewayWith(options: Options, t: TestContext): Promise<Gateway> {
  const gateway = await createGateway(
    {
      plugins: [use(dialect), use(simulated), { use: plugin, with: options as Record<string, unknown> }],
      models: { demo: { targets: ['simulated/sim'] } },
    },
    { logger: silentLogger },
  );
  t.after(() => gateway.close());
  return gateway;
}

/** Asks the model something. The simulated model quotes the last message. */
export async function ask(gateway: Gateway, content: string, more: object = {}, key = ''): Promise<Answer> {
  const response = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    payload: { model: 'demo', messages: [{ role: 'user', content: `${content} [simulate: pace-0]` }], ...more },
  });
  return { status: response.statusCode, headers: response.headers, text: response.payload };
}
