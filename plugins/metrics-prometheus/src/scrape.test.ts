/** The metrics are written for those who may read them. */
import { expect, test } from 'vitest';
import type { MetricSet } from './metric-set.ts';
import { scrape, type RouteHandler } from './scrape.ts';

const METRICS = {
  contentType: 'text/plain; version=0.0.4',
  text: async () => 'a 1\n',
} as Partial<MetricSet> as MetricSet;

interface Answer {
  status: number;
  body: string | undefined;
  readonly headers: Map<string, string>;
}

async function ask(handler: RouteHandler, authorization = ''): Promise<Answer> {
  const answer: Answer = { status: 200, body: undefined, headers: new Map() };
  const context = Object.assign(answer, {
    get: (name: string) => (name === 'authorization' ? authorization : ''),
    set: (name: string, value: string) => answer.headers.set(name, value),
  });
  await handler(context as unknown as Parameters<RouteHandler>[0]);
  return answer;
}

test('without a token, anyone reads', async () => {
  const { status, body, headers } = await ask(scrape(METRICS, undefined));
  expect([status, body, headers.get('content-type')]).toEqual([200, 'a 1\n', 'text/plain; version=0.0.4']);
});

test.each(['Bearer let-me-in', 'bearer let-me-in', 'Bearer   let-me-in '])('"%s" is let in', async (header) => {
  expect(await ask(scrape(METRICS, 'let-me-in'), header)).toMatchObject({ status: 200, body: 'a 1\n' });
});

test.each([
  '',
  'Bearer',
  'Bearer ',
  'Bearer let-me-i',
  'Bearer let-me-inn',
  'let-me-in',
  'Basic let-me-in',
  'Bearer let-me-in x',
])('"%s" is not', async (header) => {
  const { status, body, headers } = await ask(scrape(METRICS, 'let-me-in'), header);
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect(body).not.toContain('a 1');
  expect(body).not.toContain('let-me-in');
});
