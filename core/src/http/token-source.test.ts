import { beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import type { TokenAnswer } from './token-request.ts';
import { TokenSource } from './token-source.ts';

const MINUTE = 60_000;
let now = 0;
const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };

/** A source whose answers are given one by one. */
function sourceOf(...answers: (TokenAnswer | Error)[]) {
  const learned: string[] = [];
  let asked = 0;
  const ask = async (): Promise<TokenAnswer> => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    await Promise.resolve();
    if (answer instanceof Error) throw answer;
    return answer as TokenAnswer;
  };
  const origin = { name: 'the token service', help: 'Log in again.', ask };
  return { source: new TokenSource(origin, clock, (token) => learned.push(token)), learned, asked: () => asked };
}

const token = (value: string, seconds = 3600): TokenAnswer => ({
  status: 200,
  body: JSON.stringify({ access_token: value, expires_in: seconds, token_type: 'Bearer' }),
});

beforeEach(() => {
  now = 1_000_000;
});

describe('a token', () => {
  test('is asked for once by all who wait, and kept', async () => {
    const { source, learned, asked } = sourceOf(token('one'));
    expect(await Promise.all([source.get(), source.get(), source.get()])).toEqual(['one', 'one', 'one']);
    now += 50 * MINUTE;
    expect(await source.get()).toBe('one');
    expect([asked(), learned]).toEqual([1, ['one']]);
  });

  test('is renewed behind the back of those who can still use it', async () => {
    const { source, asked } = sourceOf(token('one'), token('two'));
    await source.get();
    now += 56 * MINUTE;
    expect(await source.get()).toBe('one');
    await new Promise(setImmediate);
    expect(await source.get()).toBe('two');
    expect(asked()).toBe(2);
  });

  test('that cannot be renewed yet is used on, without asking all the time', async () => {
    const { source, asked } = sourceOf(token('one'), { status: 503, body: '' });
    await source.get();
    now += 56 * MINUTE;
    for (let i = 0; i < 5; i++) {
      expect(await source.get()).toBe('one');
      await new Promise(setImmediate);
    }
    expect(asked()).toBe(2);
  });

  test('that ends is waited for', async () => {
    const { source } = sourceOf(token('one'), token('two'));
    await source.get();
    now += 60 * MINUTE;
    expect(await source.get()).toBe('two');
  });

  test('that was refused is forgotten, unless it is an older one', async () => {
    const { source } = sourceOf(token('one'), token('two'));
    await source.get();
    source.forget('older');
    expect(await source.get()).toBe('one');
    source.forget('one');
    expect(await source.get()).toBe('two');
  });
});

describe('no token', () => {
  test.each([
    [400, '{"error":"invalid_grant","error_description":"secret-thing"}', 502, false, '(invalid_grant)'],
    [401, '{"error":"invalid_client"}', 502, false, '(invalid_client)'],
    [404, '<html>secret-thing</html>', 502, false, 'it answered 404.'],
    [200, '{"id_token":"secret-thing"}', 502, false, 'it answered 200.'],
    [200, '{"access_token":"two words"}', 502, false, 'it answered 200.'],
    [429, '', 503, true, 'it answered 429.'],
    [500, '{"error":{"message":"secret-thing"}}', 503, true, 'it answered 500.'],
  ])('from an answer %s %s', async (status, body, shown, retryable, message) => {
    const { source } = sourceOf({ status, body });
    const error = await source.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'GW_UPSTREAM_ERROR',
      status: shown,
      retryable,
      details: { help: 'Log in again.' },
    });
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('secret-thing');
  });

  test('from a service that is not there; the next who asks tries again', async () => {
    const gone = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const { source } = sourceOf(gone, token('one'));
    await expect(source.get()).rejects.toMatchObject({
      code: 'GW_UPSTREAM_UNREACHABLE',
      retryable: true,
      message: 'No access token could be had from the token service: it was not reached (ECONNREFUSED).',
    });
    expect(await source.get()).toBe('one');
  });
});
