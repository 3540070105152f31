/** The board: what one posts, all see, until its time is over. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board, Notice, State } from '@gatewright/core';
import { START } from './claims.ts';
import type { WithState } from './stage.ts';

/** Milliseconds for which notices of these tests are up, where they must not go meanwhile. */
const LONG = 600_000;

/** Waits until something holds: notices take their time. */
type Until = (holds: () => boolean | Promise<boolean>) => Promise<void>;

/** @param within milliseconds that a notice may take to be seen. */
export function boardTests(withState: WithState, within: number): void {
  const until: Until = async (holds) => {
    for (let waited = 0; waited < within; waited += 20) {
      if (await holds()) return;
      await sleep(20);
    }
    assert.fail(`It did not come true within ${within} ms.`);
  };
  seenTests(withState, until);
  placeTests(withState, until);
  boundTests(withState, until);
}

function seenTests(withState: WithState, until: Until): void {
  withState('all see a notice, its poster too, whether they followed before or after', async ({ state, owner }) => {
    const [posts, others] = [boardOf(state), boardOf((await owner()).state)];
    const [own, before] = [following(posts, 'weather'), following(others, 'weather')];
    await posts.post('weather', 'oslo', 'rain', LONG);
    const after = following(boardOf((await owner()).state), 'weather');
    for (const follower of [own, before, after]) {
      await until(() => follower.up.get('oslo')?.value === 'rain');
      const left = follower.up.get('oslo')?.left ?? 0;
      assert.ok(left > LONG / 2 && left <= LONG, `${left} ms left of ${LONG}`);
      follower.stop();
    }
  });

  withState('a notice takes the place of the one before it, whoever posts it', async ({ state, owner }) => {
    const [first, second] = [boardOf(state), boardOf((await owner()).state)];
    const follower = following(first, 'weather');
    await first.post('weather', 'oslo', 'rain', LONG);
    await until(() => follower.up.get('oslo')?.value === 'rain');
    await second.post('weather', 'oslo', 'sun', LONG);
    await until(() => follower.up.get('oslo')?.value === 'sun');
    const late = following(first, 'weather');
    await until(() => late.up.has('oslo'));
    assert.deepEqual([late.up.get('oslo')?.value, late.told], ['sun', 1]);
    follower.stop();
    late.stop();
  });

  withState('the same notice posted again is told again', async ({ state }) => {
    const board = boardOf(state);
    const follower = following(board, 'weather');
    await board.post('weather', 'oslo', 'rain', LONG);
    await until(() => follower.told > 0);
    const told = follower.told;
    await board.post('weather', 'oslo', 'rain', LONG);
    await until(() => follower.told > told);
    follower.stop();
  });
}

function placeTests(withState: WithState, until: Until): void {
  withState('a notice goes by itself, and one that is still up stays', async ({ state, owner, setTime }) => {
    const board = boardOf(state);
    await board.post('weather', 'oslo', 'rain', 300);
    await board.post('weather', 'bergen', 'rain', LONG);
    await setTime(START + 301);
    await until(async () => {
      const follower = following(boardOf((await owner()).state), 'weather');
      await until(() => follower.up.has('bergen'));
      follower.stop();
      return !follower.up.has('oslo');
    });
  });

  withState('topics are apart, and who has stopped hears nothing more', async ({ state }) => {
    const board = boardOf(state);
    const [weather, news, stopped] = [
      following(board, 'weather'),
      following(board, 'news'),
      following(board, 'weather'),
    ];
    stopped.stop();
    await board.post('weather', 'oslo', 'rain', LONG);
    await board.post('news', 'oslo', 'none', LONG);
    await until(() => weather.up.has('oslo') && news.up.has('oslo'));
    assert.deepEqual([weather.up.get('oslo')?.value, news.up.get('oslo')?.value], ['rain', 'none']);
    assert.equal(stopped.told, 0);
    weather.stop();
    news.stop();
  });

  withState('keys and values are taken as they are: spaces, line ends, other alphabets', async ({ state, owner }) => {
    const board = boardOf(state);
    const key = 'a provider/model:1 {x}\n2';
    const value = '{"why":"429 — жди \u{1f327}\\n","n":1}';
    await board.post('wörter {1}', key, value, LONG);
    const follower = following(boardOf((await owner()).state), 'wörter {1}');
    await until(() => follower.up.has(key));
    assert.equal(follower.up.get(key)?.value, value);
    follower.stop();
  });
}

function boundTests(withState: WithState, until: Until): void {
  withState('what is too large is refused, and does not stay', async ({ state }) => {
    const board = boardOf(state);
    const refusal = { code: 'GW_PLUGIN_CONTRACT' };
    await assert.rejects(board.post('', 'a', '', LONG), refusal);
    await assert.rejects(board.post('weather', '', '', LONG), refusal);
    await assert.rejects(board.post('weather', 'k'.repeat(201), '', LONG), refusal);
    await assert.rejects(board.post('weather', 'a', 'v'.repeat(2001), LONG), refusal);
    await assert.rejects(board.post('weather', 'a', '', 0), refusal);
    await board.post('weather', 'k'.repeat(200), 'v'.repeat(2000), LONG);
    const follower = following(board, 'weather');
    await until(() => follower.up.size > 0);
    assert.deepEqual([...follower.up.keys()], ['k'.repeat(200)]);
    follower.stop();
  });

  withState('a thousand notices of a topic are up at most: the first to go makes room', async ({ state }) => {
    const board = boardOf(state);
    await board.post('weather', 'soon', '', LONG / 2);
    for (let count = 0; count < 1000; count += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_one, index) => board.post('weather', `k${count + index}`, '', LONG)),
      );
    }
    const follower = following(board, 'weather');
    await until(() => follower.up.size >= 1000);
    assert.deepEqual([follower.up.size, follower.up.has('soon')], [1000, false]);
    follower.stop();
  });
}

function boardOf({ board }: State): Board {
  assert.ok(board !== undefined, 'The state has no board.');
  return board;
}

interface Follower {
  /** The last notice of each key that it was told of. */
  readonly up: ReadonlyMap<string, Notice>;
  readonly told: number;
  stop(): void;
}

function following(board: Board, topic: string): Follower {
  const up = new Map<string, Notice>();
  const follower = { up, told: 0, stop: (): void => undefined };
  follower.stop = board.follow(topic, (notice) => {
    up.set(notice.key, notice);
    follower.told++;
  });
  return follower;
}
