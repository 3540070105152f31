/** Errors of every provider: the right status, code and wait, and whether another try can help. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CASES } from './error-bodies.ts';
import { everyProvider, PROVIDERS } from './every-provider.ts';
import { post, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await everyProvider(upstream.url);
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const messages = [{ role: 'user', content: 'Hello!' }];

/** The texts in a body, wherever they stand. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

test('there are errors of every provider', () => {
  const told = new Set(ERROR_CASES.map(({ provider }) => provider));
  expect(PROVIDERS.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
});

describe.each(ERROR_CASES)('$provider, $what', (one) => {
  const { provider, status, headers = {}, body, code, retryable, retryAfter } = one;
  const answer = { status, headers: { ...JSON_BODY, ...headers }, chunks: [JSON.stringify(body)] };
  const model = `${provider}/model`;

  test.each([false, true])('to a client of OpenAI, streamed: %s', async (stream) => {
    upstream.answer(answer);
    const response = await post(`${gateway.url}/v1/chat/completions`, { model, stream, messages });
    const { error } = (await response.json()) as { error: { message: string; code: string | null } };
    expect(response.status).toBe(status);
    expect(texts(body).some((text) => error.message.includes(text))).toBe(true);
    expect(error.code).toBe(code ?? 'GW_UPSTREAM_ERROR');
    expect(response.headers.get('x-should-retry')).toBe(retryable ? null : 'false');
    expect(response.headers.get('retry-after-ms')).toBe(retryAfter === undefined ? null : String(retryAfter));
  });

  test('to a client of Anthropic', async () => {
    upstream.answer(answer);
    const response = await post(`${gateway.url}/v1/messages`, { model, max_tokens: 9, messages });
    const { type, error } = (await response.json()) as { type: string; error: { type: string; message: string } };
    expect([response.status, type]).toEqual([status, 'error']);
    expect(error.type).toMatch(/_error$|^request_too_large$/);
    expect(texts(body).some((text) => error.message.includes(text))).toBe(true);
    expect(response.headers.get('retry-after')).toBe(
      retryAfter === undefined ? null : String(Math.ceil(retryAfter / 1000)),
    );
  });
});
