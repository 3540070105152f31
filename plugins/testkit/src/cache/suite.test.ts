/** The suite passes a cache that keeps the contract, and catches by name each that breaks one rule of it. */
import type { ChatRequest, ChatResponse, Exchange, Plugin } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { cacheSuite } from './suite.ts';

const LIFETIME = 60_000;

interface Way {
  readonly keyOf: (request: ChatRequest, exchange: Exchange) => unknown;
  readonly lifetime: number;
  readonly answers: boolean;
  readonly keeps: (response: ChatResponse) => ChatResponse;
}

/** All of the request but how it is delivered. */
function question({ stream: _stream, streamUsage: _usage, ...rest }: ChatRequest): Partial<ChatRequest> {
  return rest;
}

const GOOD: Way = {
  keyOf: (request, { identity }) => [identity.key, question(request)],
  lifetime: LIFETIME,
  answers: true,
  keeps: (response) => response,
};

function cache(more: Partial<Way> = {}): Plugin {
  const way = { ...GOOD, ...more };
  return sample(({ hooks, slot, clock }) => {
    const kept = new Map<string, { readonly response: ChatResponse; readonly until: number }>();
    const asked = slot<string>();
    hooks.call.answer.tap('chat', (request, exchange) => {
      const key = JSON.stringify(way.keyOf(request, exchange));
      const found = kept.get(key);
      if (found !== undefined && way.answers && clock.monotonic() < found.until) return { response: found.response };
      asked.set(exchange, key);
      return undefined;
    });
    hooks.transform.response.tap('chat', (response, exchange) => {
      const key = asked.get(exchange);
      const until = clock.monotonic() + way.lifetime;
      if (key !== undefined) kept.set(key, { response: way.keeps(response), until });
      return response;
    });
  });
}

async function failing(plugin: Plugin): Promise<readonly string[]> {
  const { failed } = await resultOf((runner) =>
    cacheSuite(runner, { plugin, manifest, options: {}, lifetime: LIFETIME }),
  );
  return failed;
}

test('a cache that keeps the contract passes', async () => {
  expect(await failing(cache())).toEqual([]);
});

const OWN = (what: string): string => `${what} gets an answer of its own`;

test.each<[fault: string, plugin: Plugin, caught: readonly string[]]>([
  [
    "gives one caller another's answers",
    cache({ keyOf: (request) => question(request) }),
    [OWN("somebody else's question")],
  ],
  [
    'looks at the messages only',
    cache({ keyOf: ({ messages }, { identity }) => [identity.key, messages] }),
    [
      OWN('another temperature'),
      OWN('another bound of output'),
      OWN('other tools'),
      OWN('another form of answer'),
      OWN('unknown fields'),
    ],
  ],
  [
    "looks at the user's message only",
    cache({
      keyOf: ({ messages, ...request }, { identity }) => [
        identity.key,
        question({ ...request, messages: messages.filter(({ role }) => role === 'user') }),
      ],
    }),
    [OWN('another system message')],
  ],
  ['keeps answers for ever', cache({ lifetime: Infinity }), ['an answer is kept for its time, and not longer']],
  ['forgets answers early', cache({ lifetime: LIFETIME / 2 }), ['an answer is kept for its time, and not longer']],
  [
    'never answers',
    cache({ answers: false }),
    [
      'the same question is answered again without calling a target',
      'an answer that is kept is streamed where a stream is asked for',
      'the record says who answered, and that nothing was used',
      'an answer is not changed by being given',
      'an answer is kept for its time, and not longer',
    ],
  ],
  [
    'tells streams from whole answers',
    cache({ keyOf: (request, { identity }) => [identity.key, request] }),
    ['an answer that is kept is streamed where a stream is asked for'],
  ],
  [
    'changes what it keeps',
    cache({ keeps: (response) => ({ ...response, candidates: [] }) }),
    [
      'the same question is answered again without calling a target',
      'an answer that is kept is streamed where a stream is asked for',
      'an answer is not changed by being given',
      'an answer is kept for its time, and not longer',
    ],
  ],
])('a cache is caught that %s', async (_fault, plugin, caught) => {
  expect((await failing(plugin)).toSorted()).toEqual(caught.toSorted());
});
