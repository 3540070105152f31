/** What cannot serve a request is not asked, and the client is told why nobody could. */
import { inlinePlugin } from './gateways.ts';
import type { Trace } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { BOUND, GOLD, NARROW, RoutingStage, type StageOptions } from './routing-stage.ts';

let stage: RoutingStage | undefined;
afterEach(() => stage?.close());

async function start(models: unknown, more: Partial<StageOptions> = {}): Promise<RoutingStage> {
  stage = await RoutingStage.start({ models: models as StageOptions['models'], ...more });
  return stage;
}

const at = (provider: string, routing: object, model = 'sim'): object => ({ provider, model, with: { routing } });
const LONG = { messages: [{ role: 'user', content: 'word '.repeat(4000) }] };
const TOOLS = { tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }] };
const called = (list: readonly string[][]): string[] => [...new Set(list.flat())].toSorted();

test('a request that is too long goes to the targets that take it', async () => {
  const one = await start({
    smart: { targets: [at('a', { contextWindow: 1000 }), at('b', { contextWindow: 32_000 })] },
  });
  expect(called(await one.targetsOf(5, LONG))).toEqual(['b/sim']);
  expect(called(await one.targetsOf(20))).toEqual(['a/sim', 'b/sim']);
});

test("the window may be the model's, and a fallback with a larger one is asked", async () => {
  const one = await start({
    smart: { targets: ['a/sim'], info: { contextWindow: 1000 }, fallbacks: ['large'] },
    large: { targets: ['b/sim'], info: { contextWindow: 100_000 } },
  });
  expect(await one.targetsOf(1, LONG)).toEqual([['b/sim']]);
});

test('what nobody takes is refused with the code that clients know, before anybody is called', async () => {
  const one = await start({ smart: { targets: [at('a', { contextWindow: 1000 }), at('b', { contextWindow: 2000 })] } });
  const { status, body } = await one.ask(LONG);
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 'context_length_exceeded', type: 'invalid_request_error' });
  expect(body.error?.message).toMatch(/a\/sim takes 1000 tokens, and this is about 5000/);
  expect(body.error?.message).toMatch(/b\/sim takes 2000 tokens/);
  expect(one.records[0]).toMatchObject({
    attempts: [],
    error: { code: 'GW_CONTEXT_LENGTH', plugin: 'routing', hook: 'route' },
  });
});

test('a model with spares for what is too long keeps one target to say so', async () => {
  const one = await start({
    smart: {
      targets: [at('a', { contextWindow: 1000 }), at('b', { contextWindow: 2000 }, 'error-400-context')],
      contextFallbacks: ['large'],
    },
    large: { targets: ['c/sim'] },
  });
  const [targets] = await one.targetsOf(1, LONG);
  expect(targets?.[0]).toBe('b/error-400-context');
});

test('a check may be switched off', async () => {
  const one = await start({
    smart: { targets: [at('a', { contextWindow: 10 })], with: { routing: { checks: { context: false } } } },
  });
  expect((await one.ask(LONG)).status).toBe(200);
});

test('tools go to those that can call them', async () => {
  const one = await start({
    smart: { targets: [at('a', { capabilities: [] }), at('b', { capabilities: ['tools'] })] },
  });
  expect(called(await one.targetsOf(5, TOOLS))).toEqual(['b/sim']);
  await one.close();
  const two = await start({
    smart: { targets: [at('a', { capabilities: [] }), at('b', { capabilities: ['images'] })] },
  });
  const { status, body } = await two.ask(TOOLS);
  expect(status).toBe(400);
  expect(body.error?.code).toBe('GW_UNSUPPORTED');
  expect(body.error?.message).toContain('a/sim cannot do tools');
});

test('a key that is bound to a region stays there, whatever its header says', async () => {
  const models = { smart: { targets: [at('a', { region: 'us' }), at('b', { region: 'eu' }), 'c/sim'] } };
  const one = await start(models);
  expect(called(await one.targetsOf(5, {}, BOUND))).toEqual(['b/sim']);
  expect(called(await one.targetsOf(5, {}, { 'x-gatewright-region': 'us' }))).toEqual(['a/sim']);
  const { body } = await one.ask({}, { ...BOUND, 'x-gatewright-region': 'us' });
  expect(body.error?.message).toContain('b/sim is in eu, and this must stay in us, eu');
});

test('tags choose among targets, and what is for nobody who asks is said', async () => {
  const models = { smart: { targets: [at('a', { tags: ['gold'] }), at('b', { tags: ['silver'] })] } };
  const one = await start(models, { routing: { strategy: ['tags', 'round-robin'] } });
  expect(called(await one.targetsOf(3, {}, GOLD))).toEqual(['a/sim']);
  expect(called(await one.targetsOf(3, {}, { 'x-gatewright-tags': 'silver' }))).toEqual(['b/sim']);
  const { status, body } = await one.ask();
  expect([status, body.error?.code]).toEqual([400, 'GW_UNSUPPORTED']);
  expect(body.error?.message).toContain('a/sim is for gold; asked for nothing');
});

test('fallbacks are those that the key may use, by name or by group', async () => {
  const one = await start({
    smart: { targets: ['a/error-503'], fallbacks: ['hidden', 'open'] },
    hidden: { targets: ['b/sim'], groups: ['staff'] },
    open: { targets: ['c/sim'], groups: ['open', 'staff'] },
  });
  expect(await one.targetsOf(1, {}, NARROW)).toEqual([['a/error-503', 'c/sim']]);
  expect((await one.ask({ model: 'open' }, NARROW)).status).toBe(200);
  expect((await one.ask({ model: 'hidden' }, NARROW)).body.error?.code).toBe('GW_FORBIDDEN');
});

test('an explanation shows the order and every reason', async () => {
  const own = inlinePlugin('own', ({ hooks }) =>
    hooks.route.tap((route, exchange) => {
      if (exchange.trace !== undefined) exchange.trace.notes = ['as it came'];
      return route;
    }),
  );
  const models = {
    smart: {
      targets: ['a/dear', 'b/cheap', at('c', { region: 'us' })],
      with: { routing: { strategy: 'lowest-cost' } },
    },
  };
  const one = await start(models, { before: [own] });
  const trace: Trace = { steps: [] };
  await one.gateway.explain(
    {
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json' },
      payload: { model: 'smart', messages: [{ role: 'user', content: 'hi' }] },
    },
    trace,
  );
  const routes = trace.steps.filter(({ hook }) => hook === 'route');
  expect(routes[0]).toMatchObject({ plugin: 'own', notes: ['as it came'] });
  expect(routes[1]).toMatchObject({ plugin: 'routing', result: expect.stringMatching(/^(?:unchanged|b\/cheap, )/) });
  expect(routes[1]?.notes).toEqual([
    'strategy lowest-cost',
    expect.stringMatching(/^1\. b\/cheap \(at most \$0\.00\d+ for \d+ \+ 1024 tokens\)$/),
    expect.stringMatching(/^2\. a\/dear \(at most \$0\.0\d+ for/),
    '3. c/sim (no price)',
  ]);
  expect(trace.call).toMatchObject({ target: 'b/cheap', next: ['a/dear', 'c/sim'] });
});
