/** The suite passes a dialect that keeps the contract, and catches by name each that breaks one rule of it. */
import type { ChatEvent, ChatRequest, Codec, Dialect, JsonObject, Plugin, StreamCodec } from '@gatewright/core';
import { GatewayError, Sight } from '@gatewright/core';
import { SseSplitter } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { frameOf, neutralChat, neutralSurface } from '../gateway/neutral-chat.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { dialectSuite } from './suite.ts';

type ChatCodec = Codec<'chat'>;
type ChatStream = StreamCodec<'chat'>;

const { codec } = neutralChat;
const stream = codec.stream as ChatStream;

const REQUEST: JsonObject = {
  model: 'm',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'ж?' }] }],
  stream: true,
  temperature: 0.5,
};

const USAGE = {
  input: 3,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 4,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  imageInput: 0,
  imageOutput: 0,
};

const ANSWER: JsonObject = {
  id: 'a-1',
  model: 'm',
  candidates: [{ index: 0, parts: [{ type: 'text', text: 'ja' }], stop: { reason: 'stop' } }],
  usage: USAGE,
};

const EVENTS: readonly ChatEvent[] = [
  { type: 'start', id: 'a-1', model: 'm' },
  { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
  { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text: 'snø ❄' } },
  { type: 'part-end', candidate: 0, index: 0 },
  { type: 'usage', usage: USAGE },
  { type: 'stop', candidate: 0, stop: { reason: 'stop' } },
  { type: 'end' },
];

function dialect(more: Partial<ChatCodec> = {}, parts: Partial<Dialect<'chat'>> = {}): Plugin {
  return sample((context) => {
    context.dialect({ ...neutralChat, codec: { ...codec, ...more }, ...parts });
    context.surface(neutralSurface);
  });
}

const streaming = (more: Partial<ChatStream>): Plugin => dialect({ stream: { ...stream, ...more } });

async function failing(plugin: Plugin): Promise<readonly string[]> {
  const samples = { requests: [REQUEST], answers: [ANSWER], streams: [EVENTS.map(frameOf).join('')] };
  const options = { plugin, manifest, options: {}, samples: { [neutralChat.id]: samples } };
  return (await resultOf((runner) => dialectSuite(runner, options))).failed;
}

test('a dialect that keeps the contract passes', async () => {
  expect(await failing(dialect())).toEqual([]);
});

/** An observer that sees something else. */
const seeing = (change: (sight: number) => number): Partial<ChatStream> => ({
  observer: (options) => {
    const inner = stream.observer(options);
    return {
      see: (frame) => change(inner.see(frame)),
      get summary() {
        return inner.summary;
      },
    };
  },
});

const SAME = 'request 1: is the same again behind the neutral form';
const KEEPS = 'request 1: keeps fields that nobody knows';
const SPLIT = 'stream 1: means the same split at every byte';
const WATCHED = 'stream 1: is watched as it is decoded: the same usage, the same stop';
const BROKEN = 'stream 1: that breaks off before its stop has none';

describe('a dialect is caught that', () => {
  test.each<[fault: string, plugin: Plugin, caught: readonly string[]]>([
    [
      'drops what it does not know',
      dialect({
        decodeRequest: ({ model, messages, stream: wanted, temperature }) =>
          ({ model, messages, stream: wanted, temperature }) as unknown as ChatRequest,
      }),
      [KEEPS],
    ],
    [
      'loses a field that it knows',
      dialect({
        encodeRequest: (request, context) => {
          const { temperature: _temperature, ...rest } = codec.encodeRequest(request, context);
          return rest;
        },
      }),
      [SAME],
    ],
    [
      'changes what it decodes',
      dialect({
        decodeRequest(body, context) {
          body['stream'] = false;
          return codec.decodeRequest(body, context);
        },
      }),
      ['request 1: is not changed by being decoded', SAME],
    ],
    [
      'throws whatever comes',
      dialect({
        decodeRequest(body, context) {
          (body['messages'] as { map(task: (message: { parts: object }) => object): void }).map(({ parts }) => parts);
          return codec.decodeRequest(body, context);
        },
      }),
      ['request 1: with a field of another kind is refused as a bad request, or taken; nothing else is thrown'],
    ],
    [
      'writes requests anew to change the model',
      dialect({
        editRequest: (body, { model }) => {
          const text = JSON.stringify({ ...body.json(), model });
          return { edits: [{ start: 0, end: body.bytes.length, text }], usageInjected: false };
        },
      }),
      ['request 1: has its model put in place, and every other byte stays'],
    ],
    [
      'does not bill what it only looks at',
      dialect({ summarize: () => ({}) }),
      ['answer 1: is billed the same whether it is decoded or only looked at'],
    ],
    [
      'drops what it does not know of answers',
      dialect({
        decodeResponse: ({ id, model, candidates, usage }) => ({ id, model, candidates, usage }) as never,
      }),
      ['answer 1: keeps fields that nobody knows'],
    ],
    [
      'throws at answers that are none',
      dialect({
        decodeResponse(body) {
          (body['candidates'] as readonly { parts: readonly object[] }[]).forEach(({ parts }) => parts.length);
          return codec.decodeResponse(body);
        },
      }),
      ['answer 1: with a field of another kind is called invalid, or taken; nothing else is thrown'],
    ],
    [
      'cannot read a page of a proxy',
      dialect({
        decodeError: (status, body) => ({
          status,
          message: (JSON.parse(String(body)) as { error: { message: string } }).error.message,
        }),
      }),
      ['whatever stands in an error is read, with its status and some message'],
    ],
    [
      'keeps messages of errors to itself',
      dialect({ encodeError: () => ({ error: {} }) }),
      ["an error of the gateway's own has its message in it, and can be read again"],
    ],
    [
      'writes headers in capitals',
      dialect({}, { replyHeaders: ['Retry-After'] }),
      ['it registers dialects, each with an id of small letters, and headers in small letters'],
    ],
    [
      "sends clients' keys on",
      dialect({}, { requestHeaders: ['x-api-key'] }),
      ['no credential of a client is among the headers that it sends on'],
    ],
    [
      'takes pieces for frames',
      streaming({
        splitter: (listener, most) => {
          const inner = new SseSplitter(listener, most);
          return {
            pending: 0,
            get bytes() {
              return inner.bytes;
            },
            // Whatever has not ended with the piece is lost.
            push: (chunk) => (chunk.includes('\n\n') ? inner.push(chunk) : 0),
            end: () => inner.end(),
          };
        },
      }),
      [SPLIT, 'stream 1: means the same split at random'],
    ],
    ['does not see that content begins', streaming(seeing((sight) => sight & ~Sight.CONTENT)), [WATCHED]],
    ['does not see that it stops', streaming(seeing((sight) => sight & ~Sight.STOP)), [WATCHED]],
    ['sees an end in everything', streaming(seeing((sight) => sight | Sight.END)), [BROKEN]],
    [
      'takes every end for a good one',
      streaming({
        decoder: () => {
          const inner = stream.decoder();
          let stopped = false;
          return {
            push(frame) {
              const events = inner.push(frame);
              stopped ||= events.some(({ type }) => type === 'stop');
              return events;
            },
            end: () => (stopped ? [] : [{ type: 'stop', candidate: 0, stop: { reason: 'stop' } }]),
          };
        },
      }),
      [BROKEN],
    ],
    [
      'ends streams with errors that look like none',
      streaming({ encodeError: () => frameOf({ type: 'ping' }) }),
      ['stream 1: that ends with an error of the gateway shows it'],
    ],
    [
      'throws at frames that are none',
      streaming({ decoder: () => ({ push: (frame) => [frame.json() as ChatEvent], end: () => [] }) }),
      ['stream 1: with a frame that is none is called invalid, or goes on; nothing else is thrown'],
    ],
    [
      'writes streams without their text',
      streaming({
        encoder: () => ({ push: (event) => (event.type === 'part-delta' ? '' : frameOf(event)) }),
      }),
      ['stream 1: is the same again behind the neutral form'],
    ],
    [
      'refuses without saying which field',
      dialect({
        decodeRequest(body, context) {
          if (typeof body['temperature'] !== 'number') throw new GatewayError('GW_BAD_REQUEST', 'No.');
          return codec.decodeRequest(body, context);
        },
      }),
      ['request 1: with a field of another kind is refused as a bad request, or taken; nothing else is thrown'],
    ],
  ])('%s', async (_fault, plugin, caught) => {
    const failed = await failing(plugin);
    for (const name of caught) expect(failed).toContain(name);
    expect(failed.length).toBeGreaterThanOrEqual(caught.length);
  });
});
