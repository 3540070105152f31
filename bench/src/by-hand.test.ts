/** The servers written by hand answer what the upstream answers, write a line of it, and count it where they are to. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startRedis } from '@gatewright/testkit/servers';
import { Redis } from 'ioredis';
import { Child, TEST_CORE } from './child.ts';
import { chatRequest, KEY, MODELS } from './payload.ts';
import { startUpstream } from './upstream.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-by-hand-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test.each([['plain', 1, 6] as const, ['steps', 1, 6] as const, ['uncounted', 0, 0] as const, ['redis', 1, 6] as const])(
  'by hand, %s: %i row, %i headers of limits',
  { timeout: 30_000 },
  async (manner, rows, limits) => {
    // It runs from the sources, as this test does.
    vi.stubEnv('NODE_OPTIONS', '--conditions=gatewright-source');
    const { server, port } = await startUpstream();
    const log = join(folder, 'log');
    const origin = `http://127.0.0.1:${port}`;
    const redis = manner === 'redis' ? await startRedis() : undefined;
    const args = [origin, log, manner, ...(redis === undefined ? [] : [redis.url])];
    const child = await Child.start('./by-hand.ts', { core: TEST_CORE, args });
    const ask = {
      method: 'POST',
      body: chatRequest(MODELS.whole, 400, false),
      headers: { authorization: `Bearer ${KEY}` },
    };
    const [ours, theirs] = await Promise.all([
      fetch(`${child.origin}/v1/chat/completions`, ask),
      fetch(`${origin}/whole/v1/chat/completions`, ask),
    ]);
    expect(await ours.text()).toBe(await theirs.text());
    expect([...ours.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toHaveLength(limits);
    await child.stop();
    server.close();
    if (redis !== undefined) {
      expect(await leftIn(redis.url)).toMatchObject({ r0: '0', s0: '1', r5: '0', holds: 0 });
      await redis.stop();
    }
    const own = readdirSync(folder).find((name) => name.startsWith('by-hand')) ?? '';
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ status: 200, model: MODELS.whole });
    const database = new DatabaseSync(join(folder, own, 'records.db'));
    expect(database.prepare('SELECT COUNT(*) AS rows FROM usage').get()).toEqual({ rows });
    database.close();
  },
);

/** The counters, and how many holds there are. */
async function leftIn(url: string): Promise<object> {
  const redis = new Redis(url);
  const counters = await redis.hgetall('{by-hand}counters');
  const holds = await redis.hlen('{by-hand}holds');
  await redis.quit();
  return { ...counters, holds };
}
