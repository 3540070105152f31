/** The scripts say which keys they touch, so that a cluster can refuse what it could not run. */
import { Redis } from 'ioredis';
import { startRedis } from '@gatewright/testkit/servers';
import { expect, test } from 'vitest';
import { Script } from '../script.ts';
import { SCRIPTS } from './index.ts';

test('every script declares its keys, and is one that Redis can load', async () => {
  const server = await startRedis();
  const client = new Redis(server.url);
  for (const [name, script] of Object.entries(SCRIPTS)) {
    expect(script.name).toBe(name);
    expect(script.text).toMatch(/^#!lua(?: flags=allow-oom)?\n/);
    // A key that is put together in the script could not have been declared.
    for (const [call] of script.text.matchAll(/redis\.call\('(?!TIME|INFO)[^\n]*/g)) {
      expect(call).toMatch(/^redis\.call\('\w+', (?:KEYS\[|key\b|unpack\((?:KEYS,|texts\)))/);
    }
    expect(await client.script('LOAD', script.text)).toMatch(/^[0-9a-f]{40}$/);
  }
  client.disconnect();
  await server.stop();
});

test('a script that the server does not have is sent whole, once', async () => {
  const server = await startRedis();
  const client = new Redis(server.url);
  const script = new Script('echo', "#!lua\nreturn {ARGV[1], 7, redis.call('GET', KEYS[1])}");
  expect(await script.run(client, ['none'], ['a'])).toEqual(['a', '7', '']);
  await server.command('config', 'resetstat');
  await script.run(client, ['none'], ['b']);
  expect(await server.command('info', 'commandstats')).not.toContain('cmdstat_eval:');
  await server.command('script', 'flush');
  expect(await script.run(client, ['none'], ['c'])).toEqual(['c', '7', '']);
  client.disconnect();
  await server.stop();
});
