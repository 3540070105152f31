/** Providers that speak several dialects: the client's own is taken where it serves the model, else the first that does. */
import type { Plugin } from '@gatewright/core';
import { Upstream as Connections } from '@gatewright/core/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

/** Serves models that begin with `c` in Anthropic's dialect alone, and others in both, OpenAI's first. */
function polyglot(url: string): Plugin {
  return inlinePlugin('polyglot', (context) => {
    const connections = new Connections({ baseUrl: url });
    context.onDispose(() => connections.close());
    context.hooks.call.tap((attempt) => connections.send(attempt, { path: '/', headers: {} }), {
      operations: {
        chat: [
          { dialect: 'openai-chat', serves: (model) => !model.startsWith('c') },
          { dialect: 'anthropic-messages' },
          { dialect: 'nobodys' },
        ],
      },
    });
  });
}

const MODELS = {
  mine: { targets: [{ provider: 'polyglot', model: 'mine' }] },
  claude: { targets: [{ provider: 'polyglot', model: 'claude' }] },
};

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({
    upstream: upstream.url,
    plugins: [polyglot(upstream.url)],
    config: { models: MODELS },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const OPENAI = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }] };
const ANTHROPIC = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'Hi.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};

test.each([
  ['mine', '/v1/chat/completions', OPENAI, 'passed'],
  ['mine', '/v1/messages', ANTHROPIC, 'passed'],
  ['claude', '/v1/messages', ANTHROPIC, 'passed'],
  ['claude', '/v1/chat/completions', ANTHROPIC, 'translated'],
])('%s, asked for at %s', async (model, path, answer, way) => {
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(answer)] });
  const asked = JSON.stringify({
    [`x-${way}`]: 1,
    model,
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Hello!' }],
  });
  const body = way === 'passed' ? asked : asked.replace('"x-translated":1,', '');
  const response = await post(gateway.url + path, body);
  expect(await response.text()).toContain('Hi.');
  expect(response.status).toBe(200);
  // Bytes that pass are the client's own.
  const sent = upstream.received[0]?.body.toString() ?? '';
  if (way === 'passed') expect(sent).toBe(asked);
  else expect(JSON.parse(sent)).toHaveProperty('max_tokens', 9);
  expect(sent === body).toBe(way === 'passed');
});

test('a model whose only dialect nobody registered is refused at the boot', async () => {
  const mute = inlinePlugin('mute', ({ hooks }) =>
    hooks.call.tap(() => Promise.reject(new Error('called')), {
      operations: { chat: [{ dialect: 'openai-chat', serves: (model) => model === 'a' }, { dialect: 'nobodys' }] },
    }),
  );
  const models = {
    a: { targets: [{ provider: 'mute', model: 'a' }] },
    b: { targets: [{ provider: 'mute', model: 'b' }] },
  };
  const starting = startGateway({ upstream: upstream.url, plugins: [mute], config: { models } });
  await expect(starting).rejects.toThrow(/"mute" serves "b" in "nobodys", and no plugin registers that dialect/);
});
