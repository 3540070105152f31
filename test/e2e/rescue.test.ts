/** Streams that break after their content began: ended with an error, resumed by another target, or held until they are whole. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { ANTHROPIC_STREAM, OPENAI_FRAMES, OPENAI_STREAM, textChunk } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const { role, stop, usage, done } = OPENAI_STREAM;
const { start: messageStart, block, blockStop, delta, stop: messageStop } = ANTHROPIC_STREAM;

const MODELS = {
  gpt: { targets: ['openai/first'], fallbacks: ['second'] },
  second: { targets: ['openai/second'] },
  mixed: { targets: ['openai/first'], fallbacks: ['prefilled'] },
  prefilled: { targets: ['anthropic/claude-sonnet-4-5'] },
  claude: { targets: ['anthropic/claude-sonnet-4-5'], fallbacks: ['second'] },
};

async function start(config: object): Promise<TestGateway> {
  running = await startGateway({ upstream: upstream.url, config: { models: MODELS, ...config }, random: () => 0 });
  return running;
}

const sse = (chunks: readonly string[], end: Answer['end'] = 'end'): Answer => ({ headers: EVENT_STREAM, chunks, end });
const cut = (...texts: string[]): Answer => sse([role, ...texts.map(textChunk)], 'reset');
const openai = (...texts: string[]): Answer => sse([role, ...texts.map(textChunk), stop, usage, done]);
const text = (piece: string): string => ANTHROPIC_STREAM.hello.replace('"Hello"', JSON.stringify(piece));
const anthropic = (...texts: string[]): Answer =>
  sse([messageStart, block, ...texts.map(text), blockStop, delta, messageStop]);
const refusal: Answer = {
  status: 400,
  headers: JSON_BODY,
  chunks: ['{"type":"error","error":{"type":"invalid_request_error","message":"does not support prefill"}}'],
};

const asked = (index: number): Record<string, unknown> =>
  JSON.parse(upstream.received[index]?.body.toString() ?? '{}') as Record<string, unknown>;

async function say(model: string, more: object = {}): Promise<{ text: string; finish: string | null | undefined }> {
  const client = new OpenAI({ apiKey: 'x', baseURL: `${running?.url}/v1`, maxRetries: 0 });
  const request = { model, messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const, ...more };
  const stream = await client.chat.completions.create(request);
  let said = '';
  let finish: string | null | undefined;
  for await (const chunk of stream) {
    said += chunk.choices[0]?.delta.content ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  return { text: said, finish };
}

describe('resume', () => {
  test('a replay is joined where the client has the text already', async () => {
    await start({ rescue: 'resume' });
    upstream.answer([cut('One, ', 'two'), openai('One, two, th', 'ree.')]);
    expect(await say('gpt')).toEqual({ text: 'One, two, three.', finish: 'stop' });
    const record = await running?.record();
    expect(record).toMatchObject({ result: 'success', status: 200 });
    expect(record?.attempts.map(({ result, target }) => [target, result])).toEqual([
      ['openai/first', 'error'],
      ['openai/second', 'success'],
    ]);
  });

  test('a target that goes on with a beginning is sent it, and the client gets one answer in its own dialect', async () => {
    await start({ rescue: 'resume' });
    upstream.answer([cut('One, ', 'two '), anthropic(' and', ' three.')]);
    expect(await say('mixed', { max_tokens: 100 })).toEqual({ text: 'One, two and three.', finish: 'stop' });
    expect(asked(1)).toMatchObject({
      max_tokens: 97,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'One, two' },
      ],
    });
  });

  test('a target that refuses a beginning is asked for the whole answer', async () => {
    await start({ rescue: 'resume' });
    upstream.answer([cut('One, ', 'two'), refusal, anthropic('One, two', ', three.')]);
    expect(await say('mixed')).toEqual({ text: 'One, two, three.', finish: 'stop' });
    expect(asked(2)['messages']).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test('an Anthropic client sees one message with one block', async () => {
    await start({ rescue: 'resume' });
    upstream.answer([sse([messageStart, block, text('One, two')], 'reset'), openai('One, two', ', three.')]);
    const client = new Anthropic({ apiKey: 'x', baseURL: running?.url, maxRetries: 0 });
    const message = await client.messages
      .stream({ model: 'claude', max_tokens: 64, messages: [{ role: 'user', content: 'hi' }] })
      .finalMessage();
    expect(message.content).toEqual([expect.objectContaining({ type: 'text', text: 'One, two, three.' })]);
    expect(message.stop_reason).toBe('end_turn');
  });

  test('an error frame and a stall are resumed like a cut', async () => {
    await start({ rescue: 'resume', timeouts: { idle: 300 } });
    const error = 'data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n';
    upstream.answer([sse([role, textChunk('One'), error]), openai('One, two')]);
    expect((await say('gpt')).text).toBe('One, two');
    upstream.answer([sse([role, textChunk('One')], 'hang'), openai('One, two')]);
    expect((await say('gpt')).text).toBe('One, two');
  });

  test('a second break is resumed by the next target', async () => {
    await start({ rescue: 'resume', models: { ...MODELS, second: { ...MODELS.second, fallbacks: ['prefilled'] } } });
    upstream.answer([cut('One, '), cut('One, ', 'two'), anthropic(', three.')]);
    expect(await say('gpt')).toEqual({ text: 'One, two, three.', finish: 'stop' });
  });

  test.each<[string, Answer, Answer[]]>([
    ['another answer', cut('One, ', 'two'), [openai('1, 2, 3')]],
    ['a shorter answer', cut('One, ', 'two'), [openai('One')]],
    ['an error', cut('One, ', 'two'), [{ status: 500 }]],
    ['no stream', cut('One, ', 'two'), [{ headers: JSON_BODY, chunks: ['{}'] }]],
  ])('where the next target has %s, the client is told what broke, and never of an end', async (_name, first, rest) => {
    const { url, record } = await start({ rescue: 'resume' });
    upstream.answer([first, ...rest]);
    const body = await (await post(`${url}/v1/chat/completions`, chat('gpt'))).text();
    expect(body).toContain('broke');
    expect(body.match(/"error"/g)).toHaveLength(1);
    expect(body).not.toContain('finish_reason":"stop');
    expect(body).not.toContain('1, 2');
    expect(await record()).toMatchObject({ result: 'error', error: { code: 'GW_UPSTREAM_CUT' } });
  });

  test.each<[string, object, string[]]>([
    ['structured output', { response_format: { type: 'json_object' } }, [textChunk('{"a"')]],
    ['several answers', { n: 2 }, [textChunk('One')]],
    [
      'a tool call',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      [
        textChunk('x').replace(
          '"content":"x"',
          '"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{"}}]',
        ),
      ],
    ],
  ])('%s is not resumed', async (_name, more, frames) => {
    const { url } = await start({ rescue: 'resume' });
    upstream.answer([sse([role, ...frames], 'reset'), openai('One')]);
    const body = await (await post(`${url}/v1/chat/completions`, { ...chat('gpt'), ...more })).text();
    expect(body).toContain('"error"');
    expect(upstream.received).toHaveLength(1);
  });

  test('a stream that does not break keeps the bytes of its provider', async () => {
    const { url } = await start({ rescue: 'resume' });
    upstream.answer(sse(OPENAI_FRAMES));
    const request = { ...chat('gpt'), stream_options: { include_usage: true } };
    expect(await (await post(`${url}/v1/chat/completions`, request)).text()).toBe(OPENAI_FRAMES.join(''));
  });

  test('transforms see one stream', async () => {
    const seen: string[] = [];
    const spy = inlinePlugin('spy', ({ hooks }) =>
      hooks.transform.event.tap('chat', () => ({
        event: (event) => {
          seen.push(event.type);
          return [event];
        },
        end: () => [],
      })),
    );
    running = await startGateway({
      upstream: upstream.url,
      plugins: [spy],
      config: { models: MODELS, rescue: 'resume' },
    });
    upstream.answer([cut('One, '), openai('One, two')]);
    expect((await say('gpt')).text).toBe('One, two');
    expect(seen.filter((type) => type === 'start')).toHaveLength(1);
    expect(seen.filter((type) => type === 'part-start')).toHaveLength(1);
    expect(seen.filter((type) => type === 'part-end')).toHaveLength(1);
  });
});

describe('hold', () => {
  test('what breaks after its content began fails over, and the client never knows', async () => {
    const { url, record } = await start({ rescue: 'hold' });
    upstream.answer([cut('1, 2, '), openai('One, two')]);
    const response = await post(`${url}/v1/chat/completions`, chat('gpt'));
    expect(response.headers.get('x-gatewright-target')).toBe('openai/second');
    const body = await response.text();
    expect(body).toContain('One, two');
    expect(body).not.toContain('1, 2');
    expect((await record()).attempts).toHaveLength(2);
  });

  test('where all targets break, the client gets a status', async () => {
    const { url } = await start({ rescue: 'hold' });
    upstream.answer(cut('1, 2, '));
    const response = await post(`${url}/v1/chat/completions`, chat('gpt'));
    expect(response.status).toBe(502);
  });

  test('a tap for whole answers sees it, and its change reaches the client as a stream', async () => {
    const shout = inlinePlugin('shout', ({ hooks }) =>
      hooks.transform.response.tap('chat', (response) => ({
        ...response,
        candidates: response.candidates.map((one) => ({
          ...one,
          parts: one.parts.map((part) => (part.type === 'text' ? { ...part, text: part.text.toUpperCase() } : part)),
        })),
      })),
    );
    running = await startGateway({
      upstream: upstream.url,
      plugins: [shout],
      config: { models: MODELS, rescue: 'hold' },
    });
    upstream.answer([cut('1, 2, '), openai('One, ', 'two')]);
    expect(await say('gpt')).toEqual({ text: 'ONE, TWO', finish: 'stop' });
    expect((await running.record()).attempts.at(-1)?.usage).toBeDefined();
  });

  test('an answer that is too long to be held is refused, and says what to do', async () => {
    const { url } = await start({ rescue: 'hold', limits: { reply: '2kb' } });
    upstream.answer(openai(...Array.from({ length: 40 }, () => 'word '.repeat(20))));
    const response = await post(`${url}/v1/chat/completions`, chat('gpt'));
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('limits.reply');
  });
});

const chat = (model: string) => ({ model, messages: [{ role: 'user', content: 'hi' }], stream: true });

describe('keep-alive', () => {
  const patient = (more: object = {}) => start({ keepAlive: 40, ...more });
  const slow = (answer: Answer): Answer => ({ ...answer, delay: 150 });

  test('a client that waits for its first content gets comments, and then the answer', async () => {
    const { url } = await patient();
    upstream.answer(slow(openai('Hello')));
    const body = await (await post(`${url}/v1/chat/completions`, chat('gpt'))).text();
    expect(body).toMatch(/^(: keep-alive\n\n)+data: /);
    expect(body).toContain('[DONE]');
  });

  test('official clients read over them', async () => {
    await patient();
    upstream.answer(slow(openai('Hello')));
    expect(await say('gpt')).toEqual({ text: 'Hello', finish: 'stop' });
  });

  test('from then on a failure is told in the stream', async () => {
    const { url, record } = await patient();
    upstream.answer(slow({ status: 503, headers: JSON_BODY, chunks: ['{"error":{"message":"down"}}'] }));
    const response = await post(`${url}/v1/chat/completions`, chat('gpt'));
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).toContain('"error"');
    expect(body).not.toContain('[DONE]');
    expect(await record()).toMatchObject({ result: 'error', status: 200 });
  });

  test('a target behind a slow one still gives the answer', async () => {
    const { url } = await patient();
    upstream.answer([slow({ status: 500 }), openai('Hello')]);
    expect(await (await post(`${url}/v1/chat/completions`, chat('gpt'))).text()).toContain('Hello');
  });

  test('a failure before the first comment keeps its status, and no stream is begun for a whole answer', async () => {
    const { url } = await start({ models: { ...MODELS, gpt: { ...MODELS.gpt, keepAlive: '10s' } }, keepAlive: 40 });
    upstream.answer({ status: 503 });
    expect((await post(`${url}/v1/chat/completions`, chat('gpt'))).status).toBe(503);
    upstream.answer(slow({ status: 503 }));
    expect((await post(`${url}/v1/chat/completions`, { ...chat('gpt'), stream: false })).status).toBe(503);
  });
});
