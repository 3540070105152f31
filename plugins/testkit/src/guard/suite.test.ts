/** The suite passes a guard that keeps the contract, and catches by name each that breaks one rule of it. */
import {
  GatewayError,
  type ChatEvent,
  type ChatRequest,
  type Part,
  type Plugin,
  type SetupContext,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { guardSuite } from './suite.ts';

const WORD = 'bluebird';

interface Way {
  /** The texts of a request that it looks at. */
  readonly texts: (request: ChatRequest) => readonly string[];
  readonly refusal: string;
  readonly status: number;
  /** Whether it holds back what could be the beginning of the word. */
  readonly holds: boolean;
  readonly flushes: boolean;
  readonly whole: boolean;
  readonly changes: (request: ChatRequest) => ChatRequest;
}

function textsOf(part: Part): string[] {
  if (part.type === 'text') return [part.text];
  if (part.type === 'tool-result') return part.parts.flatMap(textsOf);
  return part.type === 'tool-call' ? [part.arguments] : [];
}

const all = ({ messages }: ChatRequest): string[] => messages.flatMap(({ parts }) => parts.flatMap(textsOf));

const GOOD: Way = {
  texts: all,
  refusal: 'That is not for others.',
  status: 400,
  holds: true,
  flushes: true,
  whole: true,
  changes: (request) => request,
};

/** The longest end of a text that the word could begin with. */
function heldBack(text: string): number {
  for (let length = Math.min(WORD.length - 1, text.length); length > 0; length--) {
    if (WORD.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

function hiding({ holds, flushes }: Way) {
  let rest = '';
  const delta = (text: string): ChatEvent => ({
    type: 'part-delta',
    candidate: 0,
    index: 0,
    delta: { kind: 'text', text },
  });
  return {
    event(event: ChatEvent): readonly ChatEvent[] {
      if (event.type === 'part-end' && rest !== '' && flushes) {
        const last = delta(rest);
        rest = '';
        return [last, event];
      }
      if (event.type !== 'part-delta' || event.delta.kind !== 'text') return [event];
      const text = (rest + event.delta.text).replaceAll(WORD, '#');
      const length = holds ? heldBack(text) : 0;
      rest = text.slice(text.length - length);
      return [delta(text.slice(0, text.length - length))];
    },
    end: () => [],
  };
}

function guard(more: Partial<Way> = {}, supports: Plugin['supports'] = {}): Plugin {
  const way = { ...GOOD, ...more };
  const setup = ({ hooks }: SetupContext): void => {
    hooks.transform.request.tap('chat', (request) => {
      if (way.texts(request).some((text) => text.includes(WORD))) {
        throw new GatewayError('GW_BAD_REQUEST', way.refusal, { status: way.status });
      }
      return way.changes(request);
    });
    if (way.whole) {
      hooks.transform.response.tap('chat', (response) => {
        return JSON.parse(JSON.stringify(response).replaceAll(WORD, '#')) as typeof response;
      });
    }
    hooks.transform.event.tap('chat', () => hiding(way));
  };
  return sample(setup, { supports });
}

async function failing(plugin: Plugin): Promise<readonly string[]> {
  const { failed } = await resultOf((runner) =>
    guardSuite(runner, { plugin, manifest, options: {}, forbidden: WORD, hidden: WORD }),
  );
  return failed;
}

test('a guard that keeps the contract passes', async () => {
  expect(await failing(guard())).toEqual([]);
});

const IN = (where: string): string => `what is forbidden is refused in ${where}, before any target is called`;

test.each<[fault: string, plugin: Plugin, caught: readonly string[]]>([
  [
    'looks at the first message only',
    guard({ texts: ({ messages }) => messages.slice(0, 1).flatMap(({ parts }) => parts.flatMap(textsOf)) }),
    [
      IN('the middle of a longer text'),
      IN('the system message'),
      IN("the model's own earlier answer"),
      IN('the result of a tool'),
      IN('the arguments of a tool call'),
    ],
  ],
  [
    'does not look at the system message',
    guard({
      texts: ({ messages, ...request }) =>
        all({ ...request, messages: messages.filter(({ role }) => role !== 'system') }),
    }),
    [IN('the system message')],
  ],
  [
    'does not look at the results of tools',
    guard({
      texts: ({ messages, ...request }) =>
        all({ ...request, messages: messages.filter(({ role }) => role !== 'tool') }),
    }),
    [IN('the result of a tool')],
  ],
  [
    'repeats what it refuses',
    guard({ refusal: `Say not ${WORD}.` }),
    ['a refusal does not repeat what it refuses, nor does its record'],
  ],
  ['does not hide it in whole answers', guard({ whole: false }), ['what is hidden is not in a whole answer']],
  [
    'does not hold back what could become it',
    guard({ holds: false }),
    [
      'what is hidden is not in a stream, wherever it is cut',
      'what is hidden is not in a stream of single characters, nor at its end',
    ],
  ],
  [
    'never lets out what it held back',
    guard({ flushes: false }),
    ['a stream that only begins like what is hidden is whole'],
  ],
  [
    'changes requests, and says that it does not',
    guard({ changes: (request) => ({ ...request, temperature: 1 }) }, { mutates: false }),
    [
      'a harmless chat passes as it is, streamed',
      'a harmless chat passes as it is, whole',
      'one refusal leaves nothing behind for the next chat',
    ],
  ],
])('a guard is caught that %s', async (_fault, plugin, caught) => {
  const failed = await failing(plugin);
  for (const name of caught) expect(failed).toContain(name);
  if (plugin.supports?.mutates === undefined) expect(failed.toSorted()).toEqual(caught.toSorted());
});
