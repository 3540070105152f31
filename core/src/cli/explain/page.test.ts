/** Tests of the page of an explanation: what is cut, and what is marked. */
import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { Explanation } from './explanation.ts';
import { explanationPage } from './page.ts';

const REQUEST = {
  method: 'POST',
  path: '/v1/chat',
  surface: 'acme-chat',
  dialect: 'acme-chat',
  operation: 'chat',
  stream: false,
  bytes: 10,
};
const page = (explanation: Partial<Explanation>, color = false): string =>
  explanationPage(
    { request: REQUEST, steps: [], later: [], ...explanation },
    { colors: pc.createColors(color), width: Number.POSITIVE_INFINITY },
  );

test('a long body is cut, and says where all of it is', () => {
  const content = { messages: Array.from({ length: 100 }, (_, index) => `message ${index}`) };
  const lines = page({ reply: { status: 200, headers: {}, content } }).split('\n');
  expect(lines.at(-1)).toBe('  … 64 more lines; --json shows all');
  expect(lines).toContain('    "messages": [');
  expect(lines).not.toContain('      "message 99"');
});

test('headers that tell something are shown, plumbing is not', () => {
  const headers = {
    'retry-after': '3',
    'x-gatewright-warning': 'seed: is not known there',
    'x-gatewright-request-id': 'abc',
    'content-length': '10',
  };
  const text = page({ reply: { status: 429, headers, content: '' } });
  expect(text).toContain('  refused with HTTP 429, and no target called\n');
  expect(text).toMatch(/retry-after +3\n/);
  expect(text).toMatch(/x-gatewright-warning +seed: is not known there\n/);
  expect(text).not.toContain('abc');
  expect(text).not.toContain('content-length');
});

test('a tap that failed is red', () => {
  const step = { hook: 'auth', plugin: 'guard', result: 'GW_PLUGIN_FAILED: it broke', duration: 1 };
  const { red } = pc.createColors(true);
  expect(page({ steps: [step] }, true)).toContain(red('GW_PLUGIN_FAILED: it broke'));
});

test('what a tap has to say of its step stands below it', () => {
  const step = { hook: 'route', plugin: 'router', result: 'a/b, c/d', duration: 1, notes: ['a/b is cheaper', 'c/d'] };
  const next = { hook: 'route', plugin: 'other', result: 'unchanged', duration: 1 };
  expect(
    page({ steps: [step, next] })
      .split('\n')
      .slice(-4)
      .map((line) => line.replaceAll(/ +/g, ' ')),
  ).toEqual([' route router 1.00 a/b, c/d', ' · a/b is cheaper', ' · c/d', ' route other 1.00 unchanged']);
});

test('an answer that is no JSON is shown as it is', () => {
  expect(page({ reply: { status: 200, headers: {}, content: 'data: one\n\ndata: two' } })).toContain(
    '  data: one\n  \n  data: two',
  );
});
