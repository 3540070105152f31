/** The suite passes a provider that keeps the contract, and catches by name each that breaks one rule of it. */
import { describe, expect, test } from 'vitest';
import {
  bytesReply,
  definePlugin,
  GatewayError,
  secret,
  toGatewayError,
  type Attempt,
  type Plugin,
  type WireReply,
} from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { resultOf } from '../failing.test.kit.ts';
import { outcomeOf } from './reply.ts';
import { providerSuite } from './suite.ts';

const KEY = 'sample-key-7fQ2xLw9Zr4TbVn8';
const manifest = new URL('../../package.json', import.meta.url);

const options = z.strictObject({
  apiKey: secret()
    .regex(/^[\x21-\x7e]+$/)
    .describe('The key.'),
  baseUrl: z.url().describe('Where it is.'),
});

interface Made {
  readonly attempt: Attempt;
  readonly upstream: Upstream;
  readonly mask: CredentialMask;
  readonly upstreamUrl: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** A way of calling; the good one, or one with a fault. */
type Way = (made: Made) => Promise<WireReply>;

const good: Way = ({ attempt, upstream, mask, path, headers }) => upstream.send(attempt, { path, headers, mask });

/** A step of a path that leads nowhere else. */
const step = (model: string): string => (/^\.{0,2}$/.test(model) ? 'none' : encodeURIComponent(model));

function provider(way: Way, more: Partial<Plugin<typeof options>> = {}): Plugin {
  return definePlugin({
    name: '@gatewright/testkit',
    version: '0.1.0',
    engine: '^1',
    options,
    supports: { operations: ['chat'], streaming: true },
    setup(context, { apiKey, baseUrl }) {
      const upstream = new Upstream({ baseUrl });
      context.onDispose(() => upstream.close());
      const mask = new CredentialMask([apiKey]);
      context.hooks.call.tap(
        (attempt) => {
          const path = `/models/${step(attempt.target.model)}:chat`;
          const headers = { 'user-agent': 'sample', ...attempt.headers, authorization: `Bearer ${apiKey}` };
          return way({ attempt, upstream, upstreamUrl: baseUrl, mask, path, headers });
        },
        { operations: { chat: { dialect: 'openai-chat' } } },
      );
    },
    ...more,
  });
}

/** The names of the tests that a provider fails. */
async function failing(plugin: Plugin): Promise<readonly string[]> {
  const at = (origin: string) => ({ apiKey: KEY, baseUrl: origin });
  const { failed } = await resultOf((runner) => {
    providerSuite(runner, { plugin, manifest, options: at, credentials: [KEY] });
  });
  return failed;
}

async function whole(reply: WireReply): Promise<WireReply> {
  const { bytes, error } = await outcomeOf(reply);
  if (error !== undefined) throw error;
  return bytesReply(reply.status, reply.headers, [bytes]);
}

/** The tests of the suite, by what they are about. */
const POSTS = 'every operation, in every dialect, posts the bytes that it was given';
const AGAIN = 'a stream is asked for with the same bytes, and one attempt leaves nothing behind for the next';
const APART = 'attempts at the same time do not meet';
const FLOWS = 'a reply flows while it is still being written';
const CUT = 'a connection that breaks in an answer is no end of it';
const SILENT = 'a server that falls silent in an answer is given the time that the target says';
const SLOW = 'a server that does not begin to answer is given the time that the target says';
const LEFT = 'an attempt that ends in an answer closes the connection';
const LEFT_EARLY = 'an attempt that ends before the head closes the connection';
const LEFT_BEFORE = 'an attempt that has ended before it began is not sent';
const UNWANTED = 'a reply that nobody wants any more closes the connection';
const CLIENTS = "no credential of the client goes on, nor takes the place of the provider's";
const OWN = 'every request has a credential, where there are any';
const MASKED = 'an error that repeats the credentials is handed on without them';
const NAMES = 'whatever a model is called, it is refused before anything is sent, or stays one step of the same path';
const ERRORS = 'an error of the provider is a reply like any other, with its status and its text';
const GONE = 'a server that is not there is unreachable, which may be retried; the error shows no credential';

/** Each fault of a call, and the tests that catch it. */
const FAULTS: readonly [fault: string, way: Way, caught: readonly string[]][] = [
  [
    'writes the body anew',
    (made) => {
      const body = Buffer.from(JSON.stringify(JSON.parse(String(made.attempt.body))));
      return good({ ...made, attempt: { ...made.attempt, body } });
    },
    [POSTS],
  ],
  [
    'asks twice',
    async (made) => {
      const reply = await good(made);
      await whole(await good(made));
      return reply;
    },
    [POSTS, AGAIN, APART, FLOWS, CUT, SILENT, LEFT, UNWANTED],
  ],
  ['says nothing of who asks', (made) => good({ ...made, headers: without(made.headers, 'user-agent') }), [POSTS]],
  [
    "lets the client's credential win",
    (made) => good({ ...made, headers: { ...made.headers, ...made.attempt.headers } }),
    [CLIENTS],
  ],
  ['sends no credential', (made) => good({ ...made, headers: without(made.headers, 'authorization') }), [OWN]],
  [
    'hands on errors as they are',
    ({ attempt, upstream, path, headers }) => upstream.send(attempt, { path, headers }),
    [MASKED],
  ],
  [
    'puts names into paths as they are',
    (made) => good({ ...made, path: `/models/${made.attempt.target.model}:chat` }),
    [NAMES],
  ],
  [
    'does not hear of the end of an attempt',
    (made) => good({ ...made, attempt: { ...made.attempt, onAbort: () => () => undefined } }),
    [LEFT_BEFORE, LEFT_EARLY, LEFT],
  ],
  [
    'throws what is an error of the provider',
    async (made) => {
      const reply = await good(made);
      if (reply.status >= 400) throw new GatewayError('GW_UPSTREAM_ERROR', `It answered ${reply.status}.`);
      return reply;
    },
    [MASKED, ERRORS],
  ],
  [
    'has timeouts of its own',
    (made) => {
      const timeouts = { connect: 60_000, headers: 60_000, idle: 60_000, total: 60_000 };
      return good({ ...made, attempt: { ...made.attempt, target: { ...made.attempt.target, timeouts } } });
    },
    [SLOW, SILENT],
  ],
  [
    'keeps a reply back until it is whole',
    async (made) => whole(await good(made)),
    [FLOWS, CUT, SILENT, LEFT, UNWANTED],
  ],
  [
    'takes a broken answer for a finished one',
    async (made) => {
      const { body, ...head } = await good(made);
      const pipe: WireReply['body']['pipe'] = (sink) => body.pipe({ ...sink, error: () => sink.end() });
      return {
        ...head,
        body: { pipe, pause: () => body.pause(), resume: () => body.resume(), cancel: () => body.cancel() },
      };
    },
    [CUT, SILENT],
  ],
  [
    'shows the key in its errors',
    (made) =>
      good(made).catch((error: unknown) => {
        const { code, message, details } = toGatewayError(error);
        if (code !== 'GW_UPSTREAM_UNREACHABLE') throw error;
        throw new GatewayError(code, `${message} It was called with ${KEY}.`, details);
      }),
    [GONE],
  ],
];

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
}

test('a provider that keeps the contract passes', async () => {
  expect(await failing(provider(good))).toEqual([]);
});

test('a provider is caught that calls a host which it did not declare', async () => {
  const way: Way = async (made) => {
    const other = new Upstream({ baseUrl: made.upstreamUrl.replace('127.0.0.1', 'localhost') });
    const reply = await good({ ...made, upstream: other });
    const { bytes } = await outcomeOf(reply);
    await other.close();
    return bytesReply(reply.status, reply.headers, [bytes]);
  };
  const supports = { operations: ['chat'], streaming: true, network: [] };
  const NETWORK = 'it calls no host but those of its options, and those that `supports.network` names';
  expect(await failing(provider(way, { supports }))).toContain(NETWORK);
  expect(await failing(provider(way, { supports: { ...supports, network: ['local*', '::1'] } }))).not.toContain(
    NETWORK,
  );
});

describe('a provider is caught that', () => {
  test.concurrent.each(FAULTS)('%s', async (_fault, way, caught) => {
    expect(await failing(provider(way))).toEqual(caught);
  });

  test('leaves its connections open', async () => {
    const leaving = provider(good, {
      setup(context, { apiKey, baseUrl }) {
        const upstream = new Upstream({ baseUrl });
        const headers = { 'user-agent': 'sample', authorization: `Bearer ${apiKey}` };
        const mask = new CredentialMask([apiKey]);
        context.hooks.call.tap((attempt) => upstream.send(attempt, { path: '/chat', headers, mask }), {
          operations: { chat: { dialect: 'openai-chat' } },
        });
      },
    });
    expect(await failing(leaving)).toEqual(['when it is disposed, no connection stays open']);
  });
});
