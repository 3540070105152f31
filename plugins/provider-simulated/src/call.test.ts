/** Calls: where faults are asked for, what bad requests get, how time passes, how a call is stopped. */
import { ManualClock } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import { simulatedCall } from './call.ts';
import { options } from './options.ts';
import { ask, attemptOf, exchangeOf, provider } from './rig.test.kit.ts';

const body = (content: string, more: Record<string, unknown> = {}) => ({
  model: 'sim',
  messages: [{ role: 'user', content }],
  ...more,
});

describe('faults are asked for', () => {
  test('in the options, for every reply', async () => {
    expect(await ask({ body: body('Hi'), options: { faults: ['error-503'] } })).toMatchObject({ status: 503 });
  });

  test('in the name of the model, behind plus signs', async () => {
    const model = 'gpt-9+error-429+retry-after-3';
    const { status, headers } = await ask({ body: body('Hi', { model }) });
    expect([status, headers['retry-after']]).toEqual([429, '3']);
  });

  test('in the prompt, which is then taken out of it', async () => {
    const plain = await ask({ body: body('What now?') });
    const { text } = await ask({ body: body('What now? [simulate: no-finish , tokens-500]') });
    expect(text).toContain('"finish_reason":null');
    expect(text).toContain('“What now?”');
    expect(text.length).toBeGreaterThan(plain.text.length);
  });

  test('under a name that nobody knows: an error that lists them', async () => {
    const byModel = await ask({ body: body('Hi', { model: 'sim+eror-500' }) });
    expect([byModel.status, byModel.text]).toEqual([404, expect.stringContaining('no fault \\"eror-500\\"')]);
    const byPrompt = await ask({ body: body('Hi [simulate: eror-500]') });
    expect([byPrompt.status, byPrompt.text]).toEqual([400, expect.stringContaining('error-NNN')]);
  });
});

test('flaky-2 fails twice and succeeds, for each body by itself', async () => {
  const send = provider();
  const statuses: number[] = [];
  for (const content of ['a', 'a', 'b', 'a', 'b', 'a', 'b']) {
    const { status } = await send({ body: body(content, { model: 'flaky-2' }) });
    statuses.push(status);
  }
  expect(statuses).toEqual([503, 503, 503, 200, 503, 503, 200]);
});

describe('requests that no provider takes', () => {
  test.each([
    ['no JSON', '{"model":'],
    ['a list', '[]'],
    ['nothing', ''],
    ['no messages', { model: 'sim' }],
    ['an odd role', body('Hi', { messages: [{ role: 'wizard', content: 'x' }] })],
    ['a result without a call', body('Hi', { messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] })],
    ['a tool without a name', body('Hi', { tools: [{ type: 'function', function: {} }] })],
    [
      'a choice of a tool that is not there',
      body('Hi', { tool_choice: { type: 'function', function: { name: 'x' } } }),
    ],
    ['a limit of nothing', body('Hi', { max_tokens: 0 })],
  ])('%s', async (_what, bad) => {
    const { status, text } = await ask({ body: bad });
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { error: expect.objectContaining({ type: 'invalid_request_error' }) },
    ]);
  });

  test.each([
    [
      'a result without a use',
      { max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] },
    ],
    ['a system message', { max_tokens: 5, messages: [{ role: 'system', content: 'x' }] }],
    ['no limit', { messages: [{ role: 'user', content: 'x' }] }],
    ['a choice of a tool that is not there', { ...body('x'), max_tokens: 5, tool_choice: { type: 'tool', name: 'y' } }],
  ])('in the other dialect: %s', async (_what, bad) => {
    const { status, text } = await ask({ body: bad, options: { dialect: 'anthropic-messages' } });
    expect([status, JSON.parse(text)]).toMatchObject([
      400,
      { type: 'error', error: { type: 'invalid_request_error' } },
    ]);
  });
});

describe('time', () => {
  test('a whole reply comes when all its tokens are made', async () => {
    const asked = { body: body('Hi', { model: 'tokens-100' }), options: { tokensPerSecond: 50, firstTokenDelay: 400 } };
    expect((await ask(asked)).time).toBe(2400);
  });

  test('a stream begins after the delay and keeps the pace', async () => {
    const asked = {
      body: body('Hi', { model: 'tokens-100', stream: true }),
      options: { tokensPerSecond: 50, firstTokenDelay: 400 },
    };
    const { time, chunks } = await ask(asked);
    expect(time).toBe(2400);
    expect(chunks.length).toBeGreaterThan(90);
  });

  test('a prompt may ask for another pace', async () => {
    const asked = { body: body('Hi [simulate: tokens-100, pace-1000]'), options: { firstTokenDelay: 400 } };
    expect((await ask(asked)).time).toBe(500);
  });

  test('without a pace everything comes at once', async () => {
    const asked = { body: body('Hi', { stream: true }), options: { tokensPerSecond: 0, firstTokenDelay: 0 } };
    const { time, chunks } = await ask(asked);
    expect([time, chunks.length < 4]).toEqual([0, true]);
  });

  test('a delay beyond the timeout for headers fails as a real provider would', async () => {
    const { error, time } = await ask({ body: body('Hi'), headers: 100, options: { firstTokenDelay: 5000 } });
    expect([(error as Error & { code: string }).code, time]).toEqual(['GW_UPSTREAM_TIMEOUT', 100]);
  });

  test('a token count needs no time', async () => {
    const { text, time } = await ask({ body: body('Hi', { stream: true }), operation: 'count-tokens' });
    expect([JSON.parse(text), time]).toEqual([{ input_tokens: expect.any(Number) as number }, 0]);
  });
});

describe('a call is stopped', () => {
  function started(model: string) {
    const clock = new ManualClock();
    const aborts: ((reason: Error) => void)[] = [];
    const call = simulatedCall(options.parse({}), clock);
    const attempt = attemptOf({
      body: body('Hi', { model, stream: true }),
      onAbort: (listener) => aborts.push(listener),
    });
    const reply = call(attempt, exchangeOf());
    return { clock, reply, abort: () => aborts.forEach((listener) => listener(new Error('gone'))) };
  }

  test.each(['sim', 'hang'])('before its head (%s)', async (model) => {
    const { clock, reply, abort } = started(model);
    abort();
    await expect(reply).rejects.toMatchObject({ code: 'GW_CLIENT_CLOSED' });
    expect(clock.waiting).toBe(0);
  });

  test('before it began', async () => {
    const clock = new ManualClock();
    const call = simulatedCall(options.parse({ firstTokenDelay: 0 }), clock);
    const attempt = attemptOf({ body: body('Hi'), onAbort: (listener) => listener(new Error('gone')) });
    await expect(call(attempt, exchangeOf())).rejects.toMatchObject({ code: 'GW_CLIENT_CLOSED' });
    expect(clock.waiting).toBe(0);
  });

  test('in the middle: nothing more comes, and no timer stays', async () => {
    const { clock, reply, abort } = started('sim');
    await Promise.resolve();
    clock.advance(400);
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    (await reply).body.pipe({ data: note('data'), end: note('end'), error: note('error') });
    clock.advance(200);
    const before = seen.length;
    abort();
    clock.advance(60_000);
    expect(before).toBeGreaterThan(3);
    expect([seen.length, new Set(seen), clock.waiting]).toEqual([before, new Set(['data']), 0]);
  });
});

test('the same request gets the same bytes', async () => {
  const first = await ask({ body: body('Why?', { stream: true }) });
  const second = await ask({ body: body('Why?', { stream: true }) });
  expect(second.text).toBe(first.text);
});
