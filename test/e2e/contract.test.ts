/** Three small plugins prove that the contract carries them: a cache, a judge that asks another model, a mask that spans events. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChatEvent, ChatRequest, ChatResponse, EventTransform, SetupContext } from '@gatewright/core';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { ANTHROPIC_FRAMES, OPENAI_HELLO, OPENAI_STREAM, textChunk } from './wires.ts';

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

const hello = (stream: boolean, content = 'hi', model = 'gpt') => ({
  model,
  stream,
  messages: [{ role: 'user', content }],
});

/** Keeps whole answers by what was asked, and gives them again, streamed where that is asked. */
function cache({ hooks, slot }: SetupContext): void {
  const kept = new Map<string, ChatResponse>();
  const keys = slot<string>();
  hooks.call.answer.tap('chat', (request, exchange) => {
    const key = JSON.stringify(
      request.messages.map(({ role, parts }) => [role, parts.map((part) => part.type === 'text' && part.text)]),
    );
    keys.set(exchange, key);
    const response = kept.get(key);
    return response === undefined ? undefined : { response };
  });
  hooks.transform.response.tap('chat', (response, exchange) => {
    kept.set(keys.get(exchange) ?? '', response);
    return response;
  });
}

test('a cache answers without any target, whole and streamed, in either dialect', async () => {
  running = await startGateway({ upstream: upstream.url, plugins: [inlinePlugin('cache', cache)] });
  const { url } = running;
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const first = await (await post(`${url}/v1/chat/completions`, hello(false))).json();
  const second = await (await post(`${url}/v1/chat/completions`, hello(false))).json();
  expect(second).toEqual(first);
  const streamed = await (await post(`${url}/v1/chat/completions`, hello(true))).text();
  expect(streamed).toContain('"content":"Hello there"');
  expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true);
  const other = await (await post(`${url}/v1/messages`, { ...hello(true), max_tokens: 5 })).text();
  expect(other).toContain('event: message_stop');
  expect(other).toContain('"text":"Hello there"');
  expect(upstream.received).toHaveLength(1);
  expect(running.records[1]).toMatchObject({ answeredBy: 'cache', attempts: [], result: 'success' });
});

/** Asks another model whether the prompt is fine before it goes on. */
function judge({ hooks }: SetupContext): void {
  hooks.transform.request.tap('chat', async (request, exchange) => {
    if (exchange.depth > 0) return request;
    const question: ChatRequest = { ...request, model: 'claude', stream: false };
    const verdict = await exchange.spawn(question, { cause: 'judge' });
    const [part] = verdict.candidates[0]?.parts ?? [];
    const system = {
      role: 'system' as const,
      parts: [{ type: 'text' as const, text: part?.type === 'text' ? part.text : '' }],
    };
    return { ...request, messages: [system, ...request.messages] };
  });
}

test('a judge spawns a child exchange with a record of its own', async () => {
  running = await startGateway({ upstream: upstream.url, plugins: [inlinePlugin('judge', judge)] });
  const verdict = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'c',
    content: [{ type: 'text', text: 'fine' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  upstream.answer(({ path }) => ({
    headers: JSON_BODY,
    chunks: [path.endsWith('/messages') ? JSON.stringify(verdict) : OPENAI_HELLO],
  }));
  const response = await post(`${running.url}/v1/chat/completions`, hello(false));
  expect(response.status).toBe(200);
  const sent = JSON.parse(upstream.received[1]?.body.toString() ?? '') as { messages: unknown[] };
  expect(sent.messages[0]).toEqual({ role: 'system', content: 'fine' });
  const [child, parent] = running.records;
  expect(child).toMatchObject({ cause: 'judge', parent: parent?.id, model: 'claude', result: 'success' });
  expect(child?.attempts).toHaveLength(1);
  expect(parent).toMatchObject({ model: 'gpt', result: 'success' });
});

test('exchanges that spawn without end are stopped', async () => {
  const endless = inlinePlugin('endless', ({ hooks }) => {
    hooks.transform.request.tap('chat', async (request, exchange) => {
      await exchange.spawn({ ...request, stream: false }, { cause: 'again' });
      return request;
    });
  });
  running = await startGateway({ upstream: upstream.url, plugins: [endless] });
  const response = await post(`${running.url}/v1/chat/completions`, hello(false));
  expect(response.status).toBe(508);
  expect(await response.json()).toMatchObject({ error: { code: 'GW_DEPTH' } });
});

/** Puts a mask over a word, also where it is spread over several events: text that could be its start is held back. */
function maskOf(word: string): () => EventTransform<ChatEvent> {
  return () => {
    let held = '';
    let place = { candidate: 0, index: 0 };
    const release = (text: string): ChatEvent[] =>
      text === '' ? [] : [{ type: 'part-delta', ...place, delta: { kind: 'text', text } }];
    return {
      event(event) {
        if (event.type === 'part-end') {
          const rest = release(held);
          held = '';
          return [...rest, event];
        }
        if (event.type !== 'part-delta' || event.delta.kind !== 'text') return [event];
        place = { candidate: event.candidate, index: event.index };
        const text = (held + event.delta.text).replaceAll(word, '*'.repeat(word.length));
        let keep = Math.min(word.length - 1, text.length);
        while (keep > 0 && !word.startsWith(text.slice(-keep))) keep--;
        held = text.slice(text.length - keep);
        return release(text.slice(0, text.length - keep));
      },
      end: () => [],
    };
  };
}

test.each([
  ['the same dialect', '/v1/chat/completions', {}],
  ['another dialect', '/v1/messages', { max_tokens: 9 }],
])('a mask hides a word that spans two events, in %s', async (_name, path, more) => {
  const mask = inlinePlugin('mask', ({ hooks }) => hooks.transform.event.tap('chat', maskOf('secret')));
  running = await startGateway({ upstream: upstream.url, plugins: [mask] });
  const { role, stop, usage, done } = OPENAI_STREAM;
  const chunks = [role, textChunk('my sec'), textChunk('ret is s'), textChunk('afe, se'), stop, usage, done];
  upstream.answer({ headers: EVENT_STREAM, chunks });
  const text = await (await post(running.url + path, { ...hello(true), ...more })).text();
  expect(text).not.toContain('sec');
  const said = [...text.matchAll(/"(?:content|text)":"([^"]*)"/g)].map((match) => match[1]).join('');
  expect(said).toBe('my ****** is safe, se');
  const stopAt = text.search(/"finish_reason":"stop"|"stop_reason":"end_turn"/);
  expect(stopAt).toBeGreaterThan(text.lastIndexOf('afe'));
});

/** Holds everything that was said until the stream ends, and then says it in capitals. */
function shout(): EventTransform<ChatEvent> {
  let text = '';
  return {
    event(event) {
      if (event.type !== 'part-delta' || event.delta.kind !== 'text') return [event];
      text += event.delta.text;
      return [];
    },
    end: () => [{ type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text: text.toUpperCase() } }],
  };
}

describe('what a transform holds until the end', () => {
  const { role, hello: one, there, stop, usage, done } = OPENAI_STREAM;
  test.each<[string, string, object, readonly string[]]>([
    ['OpenAI to OpenAI', '/v1/chat/completions', {}, [role, one, there, stop, usage, done]],
    ['OpenAI without its end marker', '/v1/chat/completions', {}, [role, one, there, stop]],
    ['OpenAI to Anthropic', '/v1/messages', { max_tokens: 9 }, [role, one, there, stop, usage, done]],
    ['Anthropic to Anthropic', '/v1/messages', { max_tokens: 9, model: 'claude' }, ANTHROPIC_FRAMES],
    [
      'Anthropic without its end marker',
      '/v1/messages',
      { max_tokens: 9, model: 'claude' },
      ANTHROPIC_FRAMES.slice(0, -1),
    ],
    ['Anthropic to OpenAI', '/v1/chat/completions', { model: 'claude' }, ANTHROPIC_FRAMES],
  ])('comes before the stop, once: %s', async (_name, path, more, chunks) => {
    running = await startGateway({
      upstream: upstream.url,
      plugins: [inlinePlugin('shout', ({ hooks }) => hooks.transform.event.tap('chat', shout))],
    });
    upstream.answer({ headers: EVENT_STREAM, chunks });
    const text = await (await post(running.url + path, { ...hello(true), ...more })).text();
    const marks = path.endsWith('messages')
      ? ['message_start', 'content_block_start', 'HELLO THERE', 'content_block_stop', 'message_delta', 'message_stop']
      : ['"role":"assistant"', 'HELLO THERE', '"finish_reason":"stop"', '[DONE]'];
    const places = marks.map((mark) => text.indexOf(mark));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(text.split('HELLO THERE')).toHaveLength(2);
    for (const once of ['event: message_delta', 'event: message_stop', 'event: content_block_stop', '[DONE]']) {
      expect(text.split(once).length).toBeLessThanOrEqual(2);
    }
  });
});

test('a mask that fails ends the stream in one error', async () => {
  const broken = inlinePlugin('broken', ({ hooks }) => {
    hooks.transform.event.tap('chat', () => ({
      event(event) {
        if (event.type === 'part-delta') throw new Error('secret detail');
        return [event];
      },
      end: () => [],
    }));
  });
  running = await startGateway({ upstream: upstream.url, plugins: [broken] });
  upstream.answer({ headers: EVENT_STREAM, chunks: Object.values(OPENAI_STREAM) });
  const response = await post(`${running.url}/v1/chat/completions`, hello(true));
  const text = await response.text();
  expect(text).toContain('GW_PLUGIN_FAILED');
  expect(text).not.toContain('secret detail');
  const record = await running.record();
  expect(record.error).toMatchObject({
    plugin: 'broken',
    hook: 'transform.event',
    message: expect.stringContaining('secret detail'),
  });
});

test('a request changed in place is a loud error, not a change that is lost', async () => {
  const mutating = inlinePlugin('mutating', ({ hooks }) => {
    hooks.transform.request.tap('chat', (request) => {
      (request as { temperature: number }).temperature = 0;
      return request;
    });
  });
  running = await startGateway({ upstream: upstream.url, plugins: [mutating] });
  const response = await post(`${running.url}/v1/chat/completions`, hello(false));
  expect(response.status).toBe(500);
  expect((await running.record()).error).toMatchObject({ plugin: 'mutating', hook: 'transform.request' });
});
