/** What every guard has to keep, as a suite: give it the plugin, and a text that it must stop or hide. */
import assert from 'node:assert/strict';
import type { ChatRequest, Part, Plugin, PluginEntry } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { testGateway, type TestGateway } from '../gateway/gateway.ts';
import type { Script } from '../gateway/script.ts';
import { pluginTests } from '../plugin/suite.ts';
import { shown } from '../plugin/shown.ts';
import type { Runner } from '../runner.ts';

export interface GuardSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
  /** A text of one line that no request may hold. Left out: it does not look at requests. */
  readonly forbidden?: string;
  /** A text that no answer may show. Left out: it does not look at answers. */
  readonly hidden?: string;
}

interface Trial extends GuardSuiteOptions {
  /** Registers a test on a gateway of its own, whose model answers so. */
  onGateway(name: string, body: (gateway: TestGateway) => Promise<void>, answer?: Script): void;
}

const HARMLESS = 'What is the weather like in Trondheim?';

/** Registers the suite with the runner. */
export function guardSuite(runner: Runner, options: GuardSuiteOptions): void {
  conforming(runner, 'guard', (tracked) => {
    const onGateway: Trial['onGateway'] = (name, body, answer = {}) => {
      tracked.test(name, async () => {
        const gateway = await testGateway({ ...options, answer: () => answer });
        try {
          await body(gateway);
        } finally {
          await gateway.close();
        }
      });
    };
    pluginTests(tracked, options);
    const trial = { ...options, onGateway };
    tracked.describe('what is harmless', () => harmlessTests(trial));
    if (options.forbidden !== undefined)
      tracked.describe('requests', () => requestTests(trial, options.forbidden ?? ''));
    if (options.hidden !== undefined)
      tracked.describe('answers', () => answerTests(tracked, trial, options.hidden ?? ''));
  });
}

function harmlessTests({ onGateway, plugin }: Trial): void {
  const answer = { text: ['It is ', 'ra', 'ining', '.'] };
  for (const stream of [false, true]) {
    onGateway(
      `a harmless chat passes as it is, ${stream ? 'streamed' : 'whole'}`,
      async ({ ask, attempts }) => {
        const { status, text } = await ask(HARMLESS, { stream });
        assert.deepEqual([status, text], [200, 'It is raining.']);
        const sent = JSON.parse(String(attempts[0]?.body)) as ChatRequest;
        if (plugin.supports?.mutates === false) assert.deepEqual(sent.messages, messagesOf(HARMLESS));
      },
      answer,
    );
  }
}

const messagesOf = (text: string): ChatRequest['messages'] => [{ role: 'user', parts: [{ type: 'text', text }] }];

/** Where a text can stand in a request. */
function places(text: string): readonly (readonly [where: string, request: Partial<ChatRequest>])[] {
  const said = (part: Part, role: 'user' | 'system' | 'assistant' | 'tool' = 'user'): Partial<ChatRequest> => ({
    messages: [...messagesOf(HARMLESS), { role, parts: [part] }, ...messagesOf('Well?')],
  });
  const part: Part = { type: 'text', text: `He said: ${text}.` };
  return [
    ["the user's message", { messages: messagesOf(text) }],
    ['the middle of a longer text', said(part)],
    ['the system message', said(part, 'system')],
    ["the model's own earlier answer", said(part, 'assistant')],
    ['the result of a tool', said({ type: 'tool-result', id: 't1', parts: [part] }, 'tool')],
    [
      'the arguments of a tool call',
      said({ type: 'tool-call', id: 't1', name: 'look', arguments: JSON.stringify({ q: text }) }, 'assistant'),
    ],
  ];
}

function requestTests({ onGateway, credentials = [] }: Trial, forbidden: string): void {
  for (const [where, request] of places(forbidden)) {
    onGateway(`what is forbidden is refused in ${where}, before any target is called`, async ({ ask, attempts }) => {
      const { status } = await ask('', { request });
      assert.ok(status >= 400 && status < 500, `It was answered with ${status}.`);
      assert.equal(attempts.length, 0, 'A target was called.');
    });
  }

  onGateway('what is forbidden is refused in streams too', async ({ ask }) => {
    const { status } = await ask(forbidden, { stream: true });
    assert.ok(status >= 400 && status < 500, `It was answered with ${status}.`);
  });

  onGateway('a refusal does not repeat what it refuses, nor does its record', async ({ ask, records, close }) => {
    const { body } = await ask(forbidden);
    await close();
    for (const text of [forbidden, ...credentials]) {
      assert.ok(!body.includes(text), 'The reply repeats it.');
      assert.ok(!shown(records).includes(text), 'The record repeats it.');
    }
  });

  onGateway('one refusal leaves nothing behind for the next chat', async ({ ask }) => {
    await ask(forbidden);
    assert.equal((await ask(HARMLESS)).status, 200);
  });
}

function answerTests({ test }: Runner, trial: Trial, hidden: string): void {
  trial.onGateway(
    'what is hidden is not in a whole answer',
    async ({ ask }) => {
      const { body } = await ask(HARMLESS);
      assert.ok(!body.includes(hidden), 'The answer shows it.');
    },
    { text: `They call it ${hidden}, mostly.` },
  );

  test('what is hidden is not in a stream, wherever it is cut', async () => {
    const text = `They call it ${hidden}, mostly.`;
    let cut = 0;
    const gateway = await testGateway({ ...trial, answer: () => ({ text: [text.slice(0, cut), text.slice(cut)] }) });
    try {
      for (cut = 0; cut <= text.length; cut++) {
        const { text: said } = await gateway.ask(HARMLESS, { stream: true });
        assert.ok(!said.includes(hidden), `The stream shows it where it is cut behind ${cut} characters.`);
      }
    } finally {
      await gateway.close();
    }
  });

  trial.onGateway(
    'what is hidden is not in a stream of single characters, nor at its end',
    async ({ ask }) => {
      const { text } = await ask(HARMLESS, { stream: true });
      assert.ok(!text.includes(hidden), 'The stream shows it.');
      assert.ok(text.startsWith('They call it '), 'The stream lost what came before.');
    },
    { text: `They call it ${hidden}`.split('') },
  );

  trial.onGateway(
    'a stream that only begins like what is hidden is whole',
    async ({ ask }) => {
      const { text } = await ask(HARMLESS, { stream: true });
      assert.equal(text, `They call it ${hidden.slice(0, -1)}`);
    },
    { text: ['They call it ', hidden.slice(0, 1), hidden.slice(1, -1)] },
  );
}
