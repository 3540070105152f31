/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { guardSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { ask, gatewayWith } from './gateway.test.kit.ts';
import { Words } from './words.ts';

// What every guard keeps: the last test of the suite has the badge for its name.
guardSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { words: ['bluebird'] },
    forbidden: 'bluebird',
    hidden: 'bluebird',
  },
);

describe('words', () => {
  test('are hidden wherever a text is cut', () => {
    const words = new Words(['blue', 'bluebird'], '*');
    const text = 'A Bluebird, a blue bird.';
    for (let cut = 0; cut <= text.length; cut++) {
      const { ready, rest } = words.split(text.slice(0, cut));
      const next = words.split(rest + text.slice(cut));
      assert.equal(ready + next.ready + words.hide(next.rest), 'A *, a * bird.');
    }
  });
});

describe('a chat', () => {
  test('with such a word is refused, and the word is not repeated', async (t) => {
    const { status, text } = await ask(await gatewayWith({ words: ['bluebird'] }, t), 'What is Bluebird?');
    assert.equal(status, 400);
    assert.match(text, /must not leave the house/);
    assert.doesNotMatch(text, /bluebird/i);
  });

  // The simulated model says that it is simulated: so its answer has the word, and the question has not.
  for (const stream of [false, true]) {
    test(`gets an answer without such words, ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const gateway = await gatewayWith({ words: ['a simulated model'], mask: '###' }, t);
      const { status, text } = await ask(gateway, 'Who are you?', { stream });
      const said = stream ? [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('') : text;
      assert.equal(status, 200);
      assert.match(said, /###/);
      assert.doesNotMatch(said, /a simulated model/);
    });
  }
});
