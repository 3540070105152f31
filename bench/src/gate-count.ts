/** What a gateway costs in things that can be counted: the same on a busy machine as on a quiet one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, fileOf, TEST_CORE } from './child.ts';
import { Lab } from './lab.ts';
import { chatRequest, KEY, MODELS, type Manner } from './payload.ts';
import { RawClient, requestBytes } from './raw-client.ts';

export interface Counts {
  /** Bytes of the heap that one small request takes, everything on, before anything is collected. */
  readonly request: number;
  /** The same of one event of a stream, its share of the request included. */
  readonly event: number;
  /** Bytes of the heap that are kept for a stream that is open and silent. */
  readonly idleStream: number;
  /** Modules that are loaded until the gateway listens, those of Node left out. */
  readonly modules: number;
}

export interface CountOptions {
  readonly requests: number;
  readonly streams: number;
  /** Numbers that a planted plugin makes for each request. */
  readonly waste?: number;
}

const EVENTS = 100;
/** A young generation so large that it is not collected while it is counted. */
const FLAGS = ['--min-semi-space-size=256', '--max-semi-space-size=256', '--single-threaded-gc'];
const SETTINGS = { rounds: 1, seconds: 1, connections: 1, streams: 1, requests: 1, warmUp: 0 };

export async function count({ requests, streams, waste = 0 }: CountOptions): Promise<Counts> {
  const lab = await Lab.open(SETTINGS, []);
  const modules = join(lab.folder, 'modules');
  const upstream = lab.child('upstream');
  const child = await Child.start('./gate-gateway.ts', {
    core: TEST_CORE,
    flags: [...FLAGS, '--import', fileOf('./module-count.ts')],
    args: [upstream.origin, lab.logFile, String(waste)],
    env: { BENCH_MODULES: modules },
  });
  try {
    // Once to compile and to fill what is kept, once to count.
    await allocated(child, 'whole', requests);
    const request = await allocated(child, 'whole', requests);
    await allocated(child, 'burst', requests / 10);
    const event = (await allocated(child, 'burst', requests / 10)) / EVENTS;
    const idleStream = await kept(child, streams);
    await child.stop();
    return { request, event, idleStream, modules: Number(await readFile(modules, 'utf8')) };
  } finally {
    await child.stop();
    await lab.close();
  }
}

/** Bytes of the heap for each of so many exchanges, one after another. */
async function allocated(child: Child, manner: Manner, exchanges: number): Promise<number> {
  const client = await RawClient.open(child.port);
  const request = requestOf(child, manner);
  await client.exchange(request);
  const before = await child.vitals(true);
  for (let exchange = 0; exchange < exchanges; exchange++) await client.exchange(request);
  const after = await child.vitals();
  client.close();
  return (after.heapUsed - before.heapUsed) / exchanges;
}

/** Bytes of the heap that are still there after a collection, for each stream that is open. */
async function kept(child: Child, streams: number): Promise<number> {
  const request = requestOf(child, 'slow');
  const before = await child.vitals(true);
  const clients: RawClient[] = [];
  for (let stream = 0; stream < streams; stream++) {
    const client = await RawClient.open(child.port);
    await client.start(request);
    clients.push(client);
  }
  await child.vitals(true);
  const after = await child.vitals(true);
  for (const client of clients) client.close();
  return (after.heapUsed - before.heapUsed) / streams;
}

function requestOf(child: Child, manner: Manner): Buffer {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
  return requestBytes(
    `${child.origin}/v1/chat/completions`,
    headers,
    chatRequest(MODELS[manner], 400, manner !== 'whole'),
  );
}
