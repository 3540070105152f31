/** Responses that one replica has made, asked for at another: the replicas share a state. */
import { definePlugin, type Plugin, type State } from '@gatewright/core';
import stateMemory from '@gatewright/state-memory';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
const replicas: TestGateway[] = [];

/** The board of one state, provided to several gateways, as that of a Redis would be. */
function sharedState(): Plugin {
  let shared: State | undefined;
  const inner = stateMemory as Plugin;
  return definePlugin({
    ...inner,
    setup(context, options) {
      const provide = (_name: 'state', state: State): void => {
        shared ??= { board: state.board, follow: () => () => undefined } as unknown as State;
        context.provide('state', shared);
      };
      return inner.setup({ ...context, provide: provide as typeof context.provide }, options);
    },
  });
}

beforeAll(async () => {
  upstream = await Upstream.start();
  const state = sharedState();
  for (let index = 0; index < 2; index++)
    replicas.push(await startGateway({ upstream: upstream.url, plugins: [state] }));
});
afterAll(async () => {
  for (const replica of replicas) await replica.close();
  await upstream.stop();
});

const clientOf = (replica: TestGateway | undefined): OpenAI =>
  new OpenAI({ baseURL: `${replica?.url}/v1`, apiKey: 'k', maxRetries: 0 });

test('a response is found at the replica that did not make it, and one that nobody made is not', async () => {
  const made = { id: 'resp_one', object: 'response', status: 'completed', model: 'm', output: [] };
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(made)] });
  await clientOf(replicas[0]).responses.create({ model: 'gpt', input: 'Hello' });
  expect((await clientOf(replicas[1]).responses.retrieve('resp_one')).id).toBe('resp_one');
  expect(upstream.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/responses',
    'GET /v1/responses/resp_one',
  ]);
  const error = await clientOf(replicas[1])
    .responses.retrieve('resp_two')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status: 404, code: 'GW_NOT_FOUND' });
});
