/** What every cache has to keep, as a suite: whose answers it gives to whom, and for how long. */
import assert from 'node:assert/strict';
import type { ChatRequest, Plugin, PluginEntry } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { testGateway, type AskOptions, type TestGateway } from '../gateway/gateway.ts';
import type { Script } from '../gateway/script.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';

export interface CacheSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
  /** With these options an answer is kept for so long, in milliseconds, by the gateway's clock. Left out: for ever. */
  readonly lifetime?: number;
}

type OnGateway = (name: string, body: (gateway: TestGateway) => Promise<void>, answer?: () => Script) => void;

/** Registers the suite with the runner. */
export function cacheSuite(runner: Runner, options: CacheSuiteOptions): void {
  conforming(runner, 'cache', (tracked) => {
    const onGateway: OnGateway = (name, body, answer) => {
      tracked.test(name, async () => {
        let count = 0;
        const script = answer ?? (() => ({ text: `Answer ${++count}.` }));
        const gateway = await testGateway({ ...options, answer: script });
        try {
          await body(gateway);
        } finally {
          await gateway.close();
        }
      });
    };
    pluginTests(tracked, options);
    tracked.describe('what is kept', () => keepingTests(onGateway, options));
    tracked.describe('what is not the same', () => apartTests(onGateway));
    tracked.describe('what is not kept', () => notKeptTests(onGateway));
  });
}

function keepingTests(onGateway: OnGateway, { lifetime }: CacheSuiteOptions): void {
  onGateway('the same question is answered again without calling a target', async ({ ask, attempts }) => {
    const texts = [(await ask('Why?')).text, (await ask('Why?')).text];
    assert.deepEqual([texts, attempts.length], [['Answer 1.', 'Answer 1.'], 1]);
  });

  onGateway('an answer that is kept is streamed where a stream is asked for', async ({ ask, attempts }) => {
    await ask('Why?');
    const { text, events } = await ask('Why?', { stream: true });
    assert.deepEqual([text, attempts.length], ['Answer 1.', 1]);
    assert.equal(events.at(-1)?.type, 'end');
  });

  onGateway('the record says who answered, and that nothing was used', async ({ ask, records, close }) => {
    await ask('Why?');
    await ask('Why?');
    await close();
    const [, second] = records;
    assert.ok(second?.answeredBy !== undefined, 'The record names nobody who answered.');
    assert.deepEqual([second.attempts.length, second.result], [0, 'success']);
  });

  onGateway('an answer is not changed by being given', async ({ ask }) => {
    const bodies = [];
    for (let round = 0; round < 3; round++) bodies.push((await ask('Why?')).text);
    assert.deepEqual(bodies, ['Answer 1.', 'Answer 1.', 'Answer 1.']);
  });

  if (lifetime === undefined) return;
  onGateway('an answer is kept for its time, and not longer', async ({ ask, clock }) => {
    await ask('Why?');
    clock.advance(lifetime - 1);
    assert.equal((await ask('Why?')).text, 'Answer 1.');
    clock.advance(2);
    assert.equal((await ask('Why?')).text, 'Answer 2.');
  });
}

/** Requests that differ from `Why?` in one thing. */
const OTHERS: readonly (readonly [what: string, text: string, more: AskOptions])[] = [
  ['another question', 'How?', {}],
  ["somebody else's question", 'Why?', { key: 'somebody-else' }],
  ['another temperature', 'Why?', { request: { temperature: 0.5 } }],
  ['another bound of output', 'Why?', { request: { maxOutput: 7 } }],
  ['other tools', 'Why?', { request: { tools: [{ kind: 'function', name: 'look' }] } }],
  ['another form of answer', 'Why?', { request: { responseFormat: { kind: 'json' } } }],
  ['another system message', 'Why?', { request: withSystem('Be brief.') }],
  ['unknown fields', 'Why?', { request: { rest: { dialect: 'testkit-chat', fields: { mood: 'sad' } } } }],
];

function withSystem(text: string): Partial<ChatRequest> {
  const said = (role: 'system' | 'user', words: string) => ({ role, parts: [{ type: 'text' as const, text: words }] });
  return { messages: [said('system', text), said('user', 'Why?')] };
}

function apartTests(onGateway: OnGateway): void {
  for (const [what, text, more] of OTHERS) {
    onGateway(`${what} gets an answer of its own`, async ({ ask, attempts }) => {
      await ask('Why?');
      const other = await ask(text, more);
      assert.deepEqual([other.text, attempts.length], ['Answer 2.', 2]);
    });
  }
}

function notKeptTests(onGateway: OnGateway): void {
  let calls = 0;
  onGateway(
    'an error is not kept',
    async ({ ask }) => {
      assert.equal((await ask('Why?')).status, 500);
      assert.equal((await ask('Why?')).text, 'Now it works.');
    },
    () => (calls++ === 0 ? { status: 500 } : { text: 'Now it works.' }),
  );

  let streams = 0;
  onGateway(
    'a stream that broke is not kept',
    async ({ ask }) => {
      assert.ok((await ask('Why?', { stream: true })).error !== undefined);
      assert.equal((await ask('Why?')).text, 'All of it.');
    },
    () => (streams++ === 0 ? { text: ['Only ', 'half'], cut: true } : { text: 'All of it.' }),
  );
}
