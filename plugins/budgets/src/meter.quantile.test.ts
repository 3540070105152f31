/** With `estimate: quantile`, what is held is what answers usually cost, and grows while one is longer. */
import type { Balance } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { startRig, type Answer, type Rig } from './rig.test.kit.ts';
import type { Script } from './script.test.kit.ts';

let running: Rig | undefined;
afterEach(async () => {
  await running?.gateway.close();
  running = undefined;
});

const WHO = { key: 'a', team: 't' };

async function start(limit: string, more: object = {}): Promise<Rig> {
  running = await startRig({ estimate: 'quantile', budgets: [{ per: 'team', limit, window: 'total', ...more }] });
  return running;
}

async function balance({ state }: Rig): Promise<Balance | undefined> {
  const window = { kind: 'total', name: 'total' } as const;
  return (await state.balances([{ scope: 'team:t', unit: 'nanos', window }]))[0];
}

/** Asks for a stream that the test writes. */
async function begin(rig: Rig, maximum = 10_000): Promise<[Script, Promise<Answer>]> {
  const before = rig.scripts.length;
  const answer = rig.ask(WHO, { model: 'script', stream: true, max_tokens: maximum });
  let refused: Answer | undefined;
  void answer.then((early) => (refused = early));
  while (rig.scripts.length === before && refused === undefined) await new Promise(setImmediate);
  await new Promise(setImmediate);
  const script = rig.scripts[before];
  if (script === undefined) throw new Error(`It was refused: ${refused?.text}`);
  return [script, answer];
}

const settled = (): Promise<unknown> => new Promise(setImmediate);

/** Lets the budget learn that answers have a hundred tokens. */
async function learn(rig: Rig): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const [script, answer] = await begin(rig);
    script.say(1);
    script.end(100);
    await answer;
  }
}

test('until enough is known the most is held, and then what answers usually cost', async () => {
  const rig = await start('10');
  const [script, answer] = await begin(rig);
  const most = (await balance(rig))?.reserved ?? 0n;
  expect(most).toBeGreaterThan(20_000_000n);
  script.say(1);
  script.end(100);
  await answer;
  await learn(rig);
  const before = await balance(rig);
  expect(before?.reserved).toBe(0n);
  const [next, last] = await begin(rig);
  const { reserved = 0n } = (await balance(rig)) ?? {};
  // Some 120 tokens of output at 2,000 nano-dollars, and the bytes of the request at 1,000.
  expect(reserved).toBeGreaterThan(200_000n);
  expect(reserved).toBeLessThan(500_000n);
  next.say(1);
  next.end(100);
  await last;
  expect((await balance(rig))?.spent).toBe((before?.spent ?? 0n) + 210_000n);
});

test('what is held never passes the most that the request can cost', async () => {
  const rig = await start('10');
  await learn(rig);
  const [script, answer] = await begin(rig, 50);
  const { reserved = 0n } = (await balance(rig)) ?? {};
  script.say(60);
  await settled();
  expect((await balance(rig))?.reserved).toBe(reserved);
  script.end(50);
  await answer;
});

test('a stream that is longer than usual holds more', async () => {
  const rig = await start('10');
  await learn(rig);
  const [script, answer] = await begin(rig);
  const { reserved: first = 0n } = (await balance(rig)) ?? {};
  script.say(80);
  await settled();
  expect((await balance(rig))?.reserved).toBe(first);
  script.say(20);
  await settled();
  const { reserved: second = 0n } = (await balance(rig)) ?? {};
  expect(second).toBeGreaterThan(first);
  script.say(150);
  await settled();
  expect((await balance(rig))?.reserved).toBeGreaterThan(second);
  script.end(250);
  await answer;
  expect((await balance(rig))?.reserved).toBe(0n);
  expect(rig.outcomes.at(-1)).toMatchObject({ result: 'success', cost: { nanos: 510_000n } });
  expect(rig.warnings).toEqual([]);
});

/** One answer that outgrows a budget in which only its own hold fits. */
async function outgrow(more: object): Promise<[Rig, Script, Promise<Answer>]> {
  const rig = await start('0.0048', more);
  for (let n = 0; n < 20; n++) {
    const [script, answer] = await begin(rig, 101);
    script.say(1);
    script.end(100);
    await answer;
  }
  const [script, answer] = await begin(rig);
  // Twice as much as usual still fits, four times as much does not.
  for (const words of [100, 90]) {
    script.say(words);
    await settled();
  }
  return [rig, script, answer];
}

test('where nothing is left for more, the stream ends with one error, and what it had produced is billed', async () => {
  const [rig, script, answer] = await outgrow({});
  const { status, text } = await answer;
  expect(status).toBe(200);
  expect(script.cancelled).toBe(true);
  expect(text.match(/GW_BUDGET_EXCEEDED/g)).toHaveLength(1);
  expect(text).toMatch(/nothing left for the rest of this answer/);
  expect(text).not.toContain('[DONE]');
  expect(rig.outcomes.at(-1)).toMatchObject({ result: 'error', produced: 190, usageComplete: false });
  const { spent = 0n, reserved } = (await balance(rig)) ?? {};
  expect(reserved).toBe(0n);
  expect(spent).toBeGreaterThan(4_200_000n + 380_000n);
});

test('with short: finish it goes on, is billed in full, and the log says so', async () => {
  const [rig, script, answer] = await outgrow({ short: 'finish' });
  expect(script.cancelled).toBe(false);
  script.say(120);
  script.end(310);
  const { text } = await answer;
  expect(text).toContain('[DONE]');
  expect((await balance(rig))?.spent).toBe(4_200_000n + 630_000n);
  expect(rig.warnings).toEqual(['An answer goes on beyond what team:t has left, and is billed in full.']);
});
