/** An isolated plugin calls the hosts that it declares and those of its options, and no others. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { silentLogger } from '../logger.ts';
import { hostsIn } from './guest-network.ts';
import { ThreadHost } from './host.ts';
import { ISOLATION } from './limits.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((_request, response) => response.end('answered'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

let host: ThreadHost;
let said: string[];
afterEach(() => host.close());

/** A plugin that calls an address, with these options. */
async function caller(options: object): Promise<(address: string) => Promise<string>> {
  said = [];
  host = new ThreadHost({
    start: {
      url: new URL('./caller.test.fixture.ts', import.meta.url).href,
      id: 'caller',
      options,
      dry: false,
      models: [],
    },
    limits: { ...ISOLATION, unresponsive: 120_000, within: 600_000 },
    clock: systemClock,
    logger: { ...silentLogger, error: (message) => void said.push(message) },
    who: 'Plugin "caller" (here)',
    flow: () => undefined,
    gone: () => undefined,
  });
  await host.start();
  let call = 0;
  return async (credential) => {
    const answer = await host.call<{ value: { key: string } }>('hook', 0, ++call, undefined, { credential });
    return answer.value.key;
  };
}

test('a host that it does not declare is not called, and that is said once', async () => {
  const call = await caller({});
  expect(await call(url.replace('127.0.0.1', 'LOCALHOST'))).toBe('answered');
  for (let twice = 0; twice < 2; twice++) {
    expect(await call(url)).toMatch(/kept from calling 127.0.0.1: `supports.network` does not name it, and no option/);
  }
  expect(await call('https://127.0.0.1:9443/')).toMatch(/kept from calling 127.0.0.1/);
  expect(said).toEqual([expect.stringMatching(/^Plugin "caller" was kept from calling 127.0.0.1/)]);
}, 60_000);

test('a host of its options is', async () => {
  const call = await caller({ baseUrl: `${url}/v1` });
  expect(await call(url)).toBe('answered');
  expect(said).toEqual([]);
}, 60_000);

test.each<[options: unknown, hosts: readonly string[]]>([
  [{ baseUrl: 'https://API.acme.com/v1', region: 'us-east-1' }, ['api.acme.com', 'us-east-1']],
  [{ issuers: [{ issuer: 'http://[::1]:8080' }] }, ['::1']],
  [{ address: 'redis.internal:6379' }, ['redis.internal']],
  [{ models: ['*'], size: 3, nothing: null, on: true }, []],
])('the hosts in %j', (options, hosts) => {
  expect(hostsIn(options)).toEqual(expect.arrayContaining([...hosts]));
  expect(hostsIn(options)).not.toContain('*');
});
