/** Reloading, watching and ending a gateway with several processes. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENT_STREAM, Upstream } from '../e2e/upstream.ts';
import { OPENAI_FRAMES } from '../e2e/wires.ts';
import { Company } from './company.ts';
import { configuration, type Setting } from './configuration.ts';

let upstream: Upstream;
let company: Company;

beforeEach(async () => {
  upstream = await Upstream.start();
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 5 });
  company = await Company.start(configuration({ provider: `${upstream.url}/v1` }));
}, 120_000);

afterEach(async () => {
  await company.close();
  await upstream.stop();
});

const models = async (): Promise<string> => {
  const { data } = JSON.parse((await company.get('/v1/models')).text) as { data: { id: string }[] };
  return data
    .map(({ id }) => id)
    .toSorted()
    .join();
};

const plain = (more: Partial<Setting> = {}): string => configuration({ provider: `${upstream.url}/v1`, ...more });
const also = (name: string): Partial<Setting> => ({ models: `  ${name}: { targets: [openai/metered] }` });

test('SIGHUP reloads all, one after another, and no stream feels it', { timeout: 120_000 }, async () => {
  const before = await company.pids();
  let going = true;
  const failures: string[] = [];
  const client = async (): Promise<void> => {
    while (going) {
      const { text, failure } = await company.chat({ stream: true, max_tokens: 50 });
      if (failure !== undefined || !text.trimEnd().endsWith('data: [DONE]')) failures.push(failure ?? text);
    }
  };
  const clients = Array.from({ length: 6 }, client);
  for (let turn = 1; turn <= 5; turn++) {
    company.write(plain(also(`other-${turn}`)));
    company.signal('SIGHUP');
    await company.until(() => (company.said.split('Reloaded all workers').length === turn + 1 ? true : undefined));
    // Whichever is asked: all of them have the new configuration.
    for (let tries = 0; tries < 12; tries++) expect(await models()).toBe(`metered,other-${turn}`);
  }
  going = false;
  await Promise.all(clients);
  expect(failures).toEqual([]);
  expect(new Set(await company.pids())).toEqual(new Set(before));
  // In-memory budgets go on: what was spent is what all rows say.
  await company.until(async () => {
    const { balance, rows } = await company.books();
    const sum = rows.reduce((total, { nanos }) => total + BigInt(nanos ?? 0), 0n);
    return rows.length < 1000 && `${sum}` === balance.spent && balance.reserved === '0' ? true : undefined;
  });
});

test(
  'a bad configuration is refused before any process hears of it, with every problem',
  { timeout: 120_000 },
  async () => {
    company.write(
      plain(also('other')).replace('retries: 0', 'retires: 0').replace('other:', 'other: { tragets: [] }\n  more:'),
    );
    company.signal('SIGHUP');
    await company.until(() => (company.said.includes('the one from before goes on.') ? true : undefined));
    expect(company.said).toContain('gatewright.yaml:2:1  retires  unknown key "retires"');
    expect(company.said).toContain('models.other.tragets  unknown key "tragets"');
    for (let tries = 0; tries < 12; tries++) expect(await models()).toBe('metered');
    // A process that has to be started anew is given what was accepted, not what stands in the file.
    const [first = 0] = await company.pids();
    process.kill(first, 'SIGKILL');
    await company.until(async () => {
      const now = await company.pids();
      return now.length === 2 && !now.includes(first) ? true : undefined;
    });
    for (let tries = 0; tries < 12; tries++) expect(await models()).toBe('metered');
  },
);

test(
  'a process that is being started while the others reload has the new configuration, too',
  { timeout: 120_000 },
  async () => {
    const [first = 0] = await company.pids();
    process.kill(first, 'SIGKILL');
    await company.until(() => (company.said.includes('ended by SIGKILL') ? true : undefined));
    company.write(plain(also('other')));
    company.signal('SIGHUP');
    await company.until(async () => {
      const now = await company.pids();
      return now.length === 2 && !now.includes(first) ? true : undefined;
    });
    await company.until(() => (company.said.includes('Reloaded all workers') ? true : undefined));
    await company.until(async () => {
      for (let tries = 0; tries < 24; tries++) if ((await models()) !== 'metered,other') return undefined;
      return true;
    });
  },
);

test('SIGTERM drains all of them: streams end whole, exit code 0', { timeout: 120_000 }, async () => {
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 100 });
  const begun: Promise<void>[] = [];
  const ended = Array.from({ length: 6 }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    begun.push(promise);
    return company.chat({ stream: true, max_tokens: 50 }, () => resolve());
  });
  await Promise.all(begun);
  company.signal('SIGTERM');
  for (const { text } of await Promise.all(ended)) expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect(await company.ended).toBe(0);
  expect(company.said).toContain('Stopped.');
  expect(company.said).not.toContain('left something open');
});
