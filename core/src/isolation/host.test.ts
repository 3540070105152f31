import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { GatewayError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { ThreadHost } from './host.ts';
import { ISOLATION, type IsolationLimits } from './limits.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Started {
  readonly host: ThreadHost;
  readonly gone: GatewayError[];
  readonly said: string[];
  /** What the tap answers to a credential. */
  ask(credential: string): Promise<unknown>;
}

async function started(limits: Partial<IsolationLimits> = {}): Promise<Started> {
  const gone: GatewayError[] = [];
  const said: string[] = [];
  const host = new ThreadHost({
    start: {
      url: new URL('./fragile.test.fixture.ts', import.meta.url).href,
      id: 'f',
      options: {},
      dry: false,
      models: [],
    },
    // Nobody is called silent here only because the machine is slow.
    limits: { ...ISOLATION, unresponsive: 120_000, within: 600_000, ...limits },
    clock: systemClock,
    logger: { ...silentLogger, error: (message) => void said.push(message) },
    who: 'Plugin "f" (here)',
    flow: () => undefined,
    gone: (error) => void gone.push(error),
  });
  closers.push(() => host.close());
  const { taps } = await host.start();
  expect(taps).toMatchObject([{ number: 0, hook: 'auth' }]);
  let call = 0;
  return {
    host,
    gone,
    said,
    ask: (credential) => host.call('hook', 0, ++call, undefined, { credential }),
  };
}

test('a tap answers from its thread, and what it throws comes back', async () => {
  const { ask, gone } = await started();
  expect(await ask('a')).toEqual({ value: { key: 'a' } });
  await expect(ask('throw')).rejects.toThrow('not today');
  expect(await ask('b')).toEqual({ value: { key: 'b' } });
  expect(gone).toEqual([]);
});

test('a thread that dies fails what it owed, is told of by name, and is started again', async () => {
  const { ask, gone, said, host } = await started();
  const other = ask('die');
  await expect(other).rejects.toMatchObject({
    code: 'GW_PLUGIN_FAILED',
    message: expect.stringContaining('the floor'),
  });
  expect(gone.map(({ message }) => message)).toEqual([expect.stringMatching(/^Plugin "f" \(here\) was stopped/)]);
  expect(said).toEqual([expect.stringContaining('It is started again.')]);
  expect(await ask('a')).toEqual({ value: { key: 'a' } });
  expect(host.quarantine).toBeUndefined();
});

test('a thread that dies too often is left alone', async () => {
  const { ask, host, said } = await started({ restarts: 1 });
  await expect(ask('die')).rejects.toThrow('was stopped');
  await expect(ask('die')).rejects.toThrow('was stopped');
  await expect(ask('a')).rejects.toThrow('is left alone: it was stopped 2 times');
  expect(host.quarantine?.details.help).toContain('reload');
  expect(said.at(-1)).toContain('is left alone');
});

test('a thread that works without an end is ended', async () => {
  const { ask, host } = await started({ unresponsive: 1500, restarts: 0 });
  await expect(ask('spin')).rejects.toThrow('was busy for 1500 ms without answering');
  expect(host.quarantine).toBeDefined();
});

test('a host that is closed starts nothing again', async () => {
  const { ask, host, gone } = await started();
  const owed = ask('die').catch((error: GatewayError) => error.message);
  await host.close();
  expect(await owed).toMatch(/closed|stopped/);
  expect(gone.length).toBeLessThanOrEqual(1);
});

test('the WebAssembly that strips the types of plugins is not freed while their threads come and go', async () => {
  const { dirname } = import.meta;
  const script = `
    const { ThreadHost } = await import(${JSON.stringify(join(dirname, 'host.ts'))});
    const { systemClock } = await import(${JSON.stringify(join(dirname, '../clock.ts'))});
    const { silentLogger } = await import(${JSON.stringify(join(dirname, '../logger.ts'))});
    for (let n = 0; n < 2; n++) {
      const host = new ThreadHost({
        start: {
          url: ${JSON.stringify(new URL('./fragile.test.fixture.ts', import.meta.url).href)},
          id: 'f', options: {}, dry: false, models: [],
        },
        limits: ${JSON.stringify({ ...ISOLATION, unresponsive: 120_000, within: 600_000 })},
        clock: systemClock,
        logger: silentLogger,
        who: 'f',
        flow: () => undefined,
        gone: () => undefined,
      });
      await host.start();
      await host.close();
    }`;
  const flags = ['--no-warnings', '--trace-wasm-code-gc', '--stress-wasm-code-gc', '--conditions=gatewright-source'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', script], { cwd: dirname });
  // Before the threads of plugins, the main thread may have freed what is its own.
  expect(stdout).not.toContain('outstanding isolates: 2');
});
