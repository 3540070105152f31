/** The end of one process: the others do not feel it, what it held is given back, and every attempt has one row. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENT_STREAM, Upstream } from '../e2e/upstream.ts';
import { OPENAI_FRAMES } from '../e2e/wires.ts';
import { Company, type Asked } from './company.ts';
import { configuration } from './configuration.ts';

/** So many that by chance no process has none of them. */
const STREAMS = 20;

let upstream: Upstream;
let company: Company;

beforeEach(async () => {
  upstream = await Upstream.start();
  company = await Company.start(configuration({ provider: `${upstream.url}/v1` }));
}, 120_000);

afterEach(async () => {
  await company.close();
  await upstream.stop();
});

/** Streams that have begun, each on a connection of its own. */
async function streams(count: number): Promise<Promise<Asked>[]> {
  const begun: Promise<void>[] = [];
  const ended: Promise<Asked>[] = [];
  for (let left = count; left > 0; left--) {
    begun.push(
      new Promise((resolve) => {
        ended.push(company.chat({ stream: true, max_tokens: 50 }, () => resolve()));
      }),
    );
  }
  await Promise.all(begun);
  return ended;
}

test('kill -9 in the middle of streams', { timeout: 120_000 }, async () => {
  const pids = await company.pids();
  expect(pids.length).toBe(2);
  // Slow enough that all are under way when one process dies.
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 1000 });
  const ended = await streams(STREAMS);
  expect(Number((await company.books()).balance.reserved)).toBeGreaterThan(0);
  process.kill(pids[0] ?? 0, 'SIGKILL');
  const answers = await Promise.all(ended);
  const broken = answers.filter(({ failure }) => failure !== undefined);
  const whole = answers.filter(({ text }) => text.trimEnd().endsWith('data: [DONE]'));
  // About half of them were the dead one's.
  expect(broken.length).toBeGreaterThan(0);
  expect(whole.length).toBeGreaterThan(0);
  expect(broken.length + whole.length).toBe(STREAMS);
  // Another one takes its place, and serves.
  await company.until(async () => {
    const now = await company.pids();
    return now.length === 2 && !now.includes(pids[0] ?? 0) ? true : undefined;
  });
  expect(company.said).toMatch(/The worker \d \(process \d+\) ended by SIGKILL; another one is started in \d+ ms/);
  // What the dead one held is billed from its holds, once each.
  const books = await company.until(async () => {
    const found = await company.books();
    return found.rows.length === STREAMS && found.balance.reserved === '0' ? found : undefined;
  });
  expect(new Set(books.rows.map(({ id }) => id)).size).toBe(STREAMS);
  expect(books.rows.filter(({ type }) => type === 'orphaned').length).toBe(broken.length);
  expect(books.balance.spent).toBe(`${books.rows.reduce((sum, { nanos }) => sum + BigInt(nanos ?? 0), 0n)}`);
});

test('an error that nobody caught ends one process in order; the others serve on', { timeout: 120_000 }, async () => {
  const pids = await company.pids();
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 100 });
  const ended = await streams(4);
  await company.get('/crash');
  const answers = await Promise.all(ended);
  // The process takes nobody in any more, and finishes what is under way.
  for (const { text } of answers) expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  await company.until(async () => {
    const now = await company.pids();
    return now.length === 2 && now.some((pid) => !pids.includes(pid)) ? true : undefined;
  });
  expect(company.said).toContain('An error was thrown and nobody caught it: planted');
});

test('the end of the primary: the workers finish their streams and end', { timeout: 120_000 }, async () => {
  const pids = await company.pids();
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 100 });
  const ended = await streams(4);
  company.signal('SIGKILL');
  await company.ended;
  for (const { text } of await Promise.all(ended)) expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  for (let tries = 0; pids.some(isRunning); tries++) {
    if (tries === 600) throw new Error('A worker goes on without its primary.');
    await sleep(50);
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
