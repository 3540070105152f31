/** Bodies with an image in them arrive as they would with a small one, whatever is done to them on the way. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Plugin } from '@gatewright/core';
import { inlinePlugin, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream, type Answer } from './upstream.ts';

const LARGE = Buffer.from(randomBytes(75_000).toString('hex')).toString('base64');
const SMALL = LARGE.slice(0, 400);

const chat = {
  id: 'c',
  object: 'chat.completion',
  model: 'gpt-upstream',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const message = {
  id: 'm',
  type: 'message',
  role: 'assistant',
  model: 'claude-upstream',
  content: [{ type: 'text', text: 'Hi.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};
const whole = (body: object): Answer => ({ headers: JSON_BODY, chunks: [JSON.stringify(body)] });

let upstream: Upstream;
const running: TestGateway[] = [];
beforeAll(async () => (upstream = await Upstream.start()));
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.close();
});
afterAll(() => upstream.stop());

type Make = (data: string) => object;

const image: Make = (data) => ({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it? http' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      ],
    },
  ],
});
const source: Make = (data) => ({
  max_tokens: 9,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
        { type: 'text', text: 'What is it?' },
      ],
    },
  ],
});
const letter: Make = (data) => ({
  messages: [
    {
      role: 'user',
      content: [{ type: 'file', file: { filename: 'a.txt', file_data: `data:text/plain;base64,${data}` } }],
    },
  ],
});

/** What the provider gets of a request, as JSON, for each attempt. */
async function sent(path: string, body: object, answers: readonly Answer[], plugins: readonly Plugin[] = []) {
  const config = { models: MODELS };
  const gateway = await startGateway({ upstream: upstream.url, plugins, config });
  running.push(gateway);
  upstream.answer(answers);
  const reply = await fetch(gateway.url + path, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) });
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('Hi.')]);
  for (const { headers, body: bytes } of upstream.received) expect(headers['content-length']).toBe(`${bytes.length}`);
  return upstream.received.map(({ body: bytes }) => bytes.toString());
}

const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
  either: { targets: [{ provider: 'openai', model: 'gpt-upstream' }], fallbacks: ['claude'] },
};

/** Reads the image, and puts the same parts into another message. */
const looking = inlinePlugin('looking', ({ hooks }) =>
  hooks.transform.request.tap('chat', (request) => {
    const [first] = request.messages;
    const data = first?.parts.map((part) =>
      part.type === 'image' && part.source.kind === 'base64' ? part.source.data : '',
    );
    if (data?.join('').length !== LARGE.length && data?.join('').length !== SMALL.length) throw new Error('Cut off.');
    return { ...request, messages: [{ ...first, role: 'user', parts: [...(first?.parts ?? [])] }] };
  }),
);
/** Leaves the image out. */
const blind = inlinePlugin('blind', ({ hooks }) =>
  hooks.transform.request.tap('chat', (request) => {
    const messages = request.messages.map((one) => ({
      ...one,
      parts: one.parts.filter(({ type }) => type !== 'image'),
    }));
    return { ...request, messages };
  }),
);

const OPENAI = '/v1/chat/completions';
const ANTHROPIC = '/v1/messages';

test.each<[string, string, string, Make, readonly Answer[], readonly Plugin[]]>([
  ['the dialect is the same', OPENAI, 'gpt', image, [whole(chat)], []],
  ['the dialect is another', OPENAI, 'claude', image, [whole(message)], []],
  ['the client speaks the other', ANTHROPIC, 'gpt', source, [whole(chat)], []],
  ['the first target fails', OPENAI, 'either', image, [{ status: 500 }, whole(message)], []],
  ['the data is text that has to be read', OPENAI, 'claude', letter, [whole(message)], []],
  ['a plugin looks at it', OPENAI, 'claude', image, [whole(message)], [looking]],
  ['a plugin leaves it out', OPENAI, 'claude', image, [whole(message)], [blind]],
])('where %s', async (_what, path, model, make, answers, plugins) => {
  const large = await sent(path, { model, ...make(LARGE) }, answers, plugins);
  const small = await sent(path, { model, ...make(SMALL) }, answers, plugins);
  expect(small.length).toBe(answers.length);
  const read = (data: string): string => JSON.stringify(Buffer.from(data, 'base64').toString()).slice(1, -1);
  const asLarge = small.map((text) => text.replace(SMALL, LARGE).replace(read(SMALL), read(LARGE)));
  // Not `toEqual`: it would print all of them.
  expect(large.map((text, index) => text === asLarge[index])).toEqual(large.map(() => true));
});
