/** Requests that are refused: a flood of them costs little. */
import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '@gatewright/core';
import { inlinePlugin, startGateway, type TestGateway } from './gateways.ts';

let running: TestGateway;
afterEach(() => running.close());

const REQUESTS = 4;

test('those that come in one turn and are refused at once are answered together, not each between two others', async () => {
  const seen: string[] = [];
  const doorman = inlinePlugin('doorman', ({ hooks }) => {
    hooks.auth.tap(() => void seen.push('asked'));
    hooks.log.tap(() => void seen.push('answered'));
  });
  running = await startGateway({ upstream: 'http://127.0.0.1:9', plugins: [doorman] });
  const payload = { model: 'gpt', messages: [{ role: 'user', content: 'hi' }] };
  const request = { method: 'POST', url: '/v1/chat/completions', payload } as const;
  // As sockets are read: one by one, and what follows at once from each before the next.
  const read = (): Promise<number> =>
    new Promise((resolve) =>
      setImmediate(() => void running.gateway.inject(request).then(({ statusCode }) => resolve(statusCode))),
    );
  // The first loads what is loaded late.
  await read();
  seen.length = 0;
  const statuses = await Promise.all(Array.from({ length: REQUESTS }, read));
  expect(statuses).toEqual(statuses.map(() => 401));
  expect(seen.filter((step) => step === 'answered')).toHaveLength(REQUESTS);
  // The first may not know yet that it has company.
  expect(seen.slice(1 - REQUESTS)).toEqual(Array.from({ length: REQUESTS - 1 }, () => 'answered'));
});

test.each(['GW_UNAUTHENTICATED', 'GW_UPSTREAM_ERROR', 'GW_STATE_UNAVAILABLE'] as const)(
  'what the gateway did carries a trace, as deep as before; %s, which others bring about, carries none',
  (code) => {
    const before = Error.stackTraceLimit;
    expect(new GatewayError(code, 'No.').stack).not.toContain('refused.test');
    expect(new GatewayError('GW_INTERNAL', 'Oh.').stack).toContain('refused.test');
    expect(Error.stackTraceLimit).toBe(before);
  },
);
