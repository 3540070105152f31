/** The plugin keeps the contract, writes a line for each exchange, and fails at boot where it could not write. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPlugin, systemClock, type ExchangeRecord, type Logger, type SetupContext } from '@gatewright/core';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatewright-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Tap = (record: ExchangeRecord) => void;

interface Kernel {
  readonly log: Tap;
  readonly logger: Logger;
  drain(): Promise<void>;
  dispose(): Promise<void>;
}

/** Sets the plugin up with a stand-in that knows what the plugin may use, and fails on anything else. */
async function setUp(given: z.input<typeof plugin.options>): Promise<Kernel> {
  const taps: Tap[] = [];
  const provided = new Map<string, unknown>();
  const drains: (() => void | Promise<void>)[] = [];
  const closes: (() => void | Promise<void>)[] = [];
  const context = {
    clock: systemClock,
    hooks: { log: { tap: (tap: Tap) => taps.push(tap) } },
    provide: (name: string, service: unknown) => provided.set(name, service),
    onDrain: (task: () => void | Promise<void>) => drains.push(task),
    share<T>(_key: string, open: () => T, close: (value: T) => void | Promise<void>): T {
      const value = open();
      closes.push(() => close(value));
      return value;
    },
  };
  const dispose = async (): Promise<void> => {
    for (const close of closes) await close();
  };
  try {
    await plugin.setup(context as unknown as SetupContext, plugin.options.parse(given));
  } catch (error) {
    await dispose();
    throw error;
  }
  expect([...provided.keys()]).toEqual(plugin.provides);
  expect([taps.length, drains.length]).toEqual([1, 1]);
  return {
    log: taps[0] as Tap,
    logger: provided.get('logger') as Logger,
    drain: async () => drains[0]?.(),
    dispose,
  };
}

const RECORD: ExchangeRecord = {
  id: 'req-1',
  time: 1_795_000_000_000,
  operation: 'chat',
  model: 'smart',
  stream: false,
  identity: { key: 'ada', user: 'ada' },
  status: 200,
  result: 'success',
  attempts: [],
  cost: { nanos: 10n ** 18n + 1n, inputNanos: 1n, outputNanos: 1n, price: 'sum' },
  warnings: [],
  duration: 1,
  overhead: 1,
};

function lines(path: string): Record<string, unknown>[] {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('is a plugin with the name and version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(isPlugin(plugin)).toBe(true);
  expect(plugin.name).toBe(manifest['name']);
  expect(plugin.version).toBe(manifest['version']);
  expect(plugin.engine).toBe('^1');
});

test('takes no unknown option, and describes every one that it takes', () => {
  const schema = z.toJSONSchema(plugin.options, { io: 'input' });
  expect(schema.additionalProperties).toBe(false);
  const described = Object.values(schema.properties ?? {}) as { description?: string }[];
  expect(described.every(({ description }) => (description ?? '').length > 10)).toBe(true);
});

test('writes one line for each exchange, exact to the last nano-dollar, and has them on disk after the drain', async () => {
  const path = join(folder, 'lines.log');
  const kernel = await setUp({ destination: path });
  for (let index = 0; index < 500; index++) kernel.log({ ...RECORD, id: `req-${index}` });
  await kernel.drain();
  const written = lines(path);
  expect(written.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, index) => `req-${index}`));
  expect(written[7]).toEqual({
    level: 'info',
    time: 1_795_000_000_000,
    id: 'req-7',
    operation: 'chat',
    model: 'smart',
    stream: false,
    key: 'ada',
    user: 'ada',
    status: 200,
    result: 'success',
    cost: { usd: '1000000000.000000001', nanos: '1000000000000000001' },
    duration: 1,
    overhead: 1,
    attempts: [],
    msg: 'exchange',
  });
  await kernel.dispose();
});

test('a text with line ends and quotes stays one line', async () => {
  const path = join(folder, 'quotes.log');
  const kernel = await setUp({ destination: path });
  const message = 'a\n"b"\r\u2028\u0000\ud800';
  kernel.log({ ...RECORD, result: 'error', status: 502, error: { code: 'GW_UPSTREAM_ERROR', message } });
  await kernel.drain();
  expect(lines(path)).toEqual([
    expect.objectContaining({ level: 'error', error: { code: 'GW_UPSTREAM_ERROR', message } }),
  ]);
  await kernel.dispose();
});

test('writes from the level up, exchanges as well as the messages of the gateway', async () => {
  const path = join(folder, 'level.log');
  const kernel = await setUp({ destination: path, level: 'warn' });
  kernel.log(RECORD);
  kernel.log({ ...RECORD, id: 'refused', result: 'error', status: 429 });
  kernel.logger.info('quiet');
  kernel.logger.warn('loud', { plugin: 'prices' });
  await kernel.drain();
  expect(lines(path)).toEqual([
    expect.objectContaining({ level: 'warn', id: 'refused' }),
    expect.objectContaining({ level: 'warn', msg: 'loud', plugin: 'prices', time: expect.any(Number) as number }),
  ]);
  await kernel.dispose();
});

test('hides what it is told to hide', async () => {
  const path = join(folder, 'redact.log');
  const kernel = await setUp({ destination: path, redact: ['user', 'attempts[*].upstreamId'] });
  const attempt = {
    target: 'a/b',
    provider: 'a',
    model: 'b',
    result: 'success',
    status: 200,
    usageComplete: true,
    duration: 1,
  } as const;
  kernel.log({
    ...RECORD,
    attempts: [
      { ...attempt, upstreamId: 'msg_1' },
      { ...attempt, upstreamId: 'msg_2' },
    ],
  });
  await kernel.drain();
  expect(lines(path)).toEqual([
    expect.objectContaining({
      key: 'ada',
      user: '[hidden]',
      attempts: [
        expect.objectContaining({ upstreamId: '[hidden]', target: 'a/b' }),
        expect.objectContaining({ upstreamId: '[hidden]', target: 'a/b' }),
      ],
    }),
  ]);
  await kernel.dispose();
});

test('a path to hide that is none is refused at boot', async () => {
  await expect(setUp({ destination: join(folder, 'bad.log'), redact: ['attempts[*'] })).rejects.toMatchObject({
    code: 'GW_PLUGIN_SETUP',
    message: expect.stringContaining('"redact"') as string,
  });
});

test.each([
  ['a folder that does not exist', join(folder, 'none', 'gateway.log'), 'ENOENT'],
  ['a folder in the place of the file', folder, 'EISDIR'],
  ['a file in the place of the folder', join(folder, 'file', 'gateway.log'), 'ENOTDIR'],
])('%s is refused at boot, with the path and what to do', async (_what, destination, code) => {
  writeFileSync(join(folder, 'file'), '');
  await expect(setUp({ destination })).rejects.toMatchObject({
    code: 'GW_PLUGIN_SETUP',
    message: expect.stringMatching(new RegExp(`"${destination}" cannot be written: ${code}`)) as string,
    details: { help: expect.stringContaining('"destination"') as string },
  });
});

test.skipIf(!existsSync('/dev/full'))('a full disk does not reach the exchange', async () => {
  const kernel = await setUp({ destination: '/dev/full' });
  for (let index = 0; index < 100; index++) kernel.log(RECORD);
  await kernel.drain();
  expect(() => kernel.log(RECORD)).not.toThrow();
  await kernel.dispose();
  expect(() => kernel.log(RECORD)).not.toThrow();
});
