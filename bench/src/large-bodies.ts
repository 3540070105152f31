/** Requests of megabytes: the memory they take, and how long they hold up everybody else. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { imageMessages, imageRequest, MODELS } from './payload.ts';
import { RawClient, requestBytes } from './raw-client.ts';
import { row, type Section } from './report.ts';
import { RENAMED } from './setups.ts';
import { quantile, statistic } from './statistic.ts';
import { atMost } from './target.ts';

const MEGABYTE = 1_000_000;
const IMAGE = 5 * MEGABYTE;
const GIANT = 50 * MEGABYTE;
/** So many requests with an image follow one another. */
const IMAGES = 10;
/** Clients that send small requests meanwhile, and how long, in milliseconds. */
const SMALL_CLIENTS = 8;
const BESIDE = 2500;
const MOST_ROUNDS = 3;

/** In which form a request comes, and under which name. */
const KINDS = ['as it came', 'under another name', 'translated'] as const;
type Kind = (typeof KINDS)[number];

interface Found {
  /** Resident memory beyond that of before at its most, in sizes of the body. */
  readonly memory: number[];
  /** Milliseconds that the event loop was late, at most. */
  readonly stall: number[];
  readonly took: number[];
}

const found = (): Found => ({ memory: [], stall: [], took: [] });

export async function largeBodies(lab: Lab): Promise<Section[]> {
  const images = KINDS.map((kind) => ({ kind, first: found(), more: found() }));
  const giants = found();
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < Math.min(lab.settings.rounds, MOST_ROUNDS); round++) {
    for (const { kind, first, more } of images) {
      await inFresh(lab, async (child) => {
        await send(lab, child, kind, IMAGE, 1, first);
        await send(lab, child, kind, IMAGE, IMAGES - 1, more);
      });
    }
    await inFresh(lab, async (child) => {
      alone.push(await small(lab, child));
      const [p99] = await Promise.all([small(lab, child), send(lab, child, 'as it came', GIANT, 1, giants)]);
      beside.push(p99);
    });
  }
  return [imageSection(images, giants), giantSection(giants, alone, beside)];
}

function imageSection(kinds: readonly { kind: Kind; first: Found; more: Found }[], giants: Found): Section {
  const stalls = kinds.flatMap(({ first, more }) => [first, more]).map(({ stall }) => statistic(stall).median);
  const memory = [...kinds.map(({ first }) => first), giants].map((one) => statistic(one.memory).median);
  return {
    title: `Requests of ${IMAGE / MEGABYTE} MB, an image`,
    about: `One to a process that has carried only small ones, then ${IMAGES - 1} more, one after another. Memory: the most that was resident since garbage was collected, beyond what was then. What the process had got before and has not given back hides some of it, so the target also counts the request of ${GIANT / MEGABYTE} MB. The others: nothing is collected between them but by V8 itself.`,
    rows: kinds.flatMap(({ kind, first, more }) => [
      row(`${kind}, the first: memory beyond the process`, '× body', first.memory),
      row(`${kind}, the others: memory beyond it`, '× body', more.memory),
      row(`${kind}, the first: longest stall`, 'ms', first.stall),
      row(`${kind}, the others: longest stall`, 'ms', more.stall),
      row(`${kind}, the others: one request, p50`, 'ms', more.took),
    ]),
    targets: [
      atMost('5 MB body, memory in sizes of it', Math.max(...memory), 1.3),
      atMost('5 MB body, longest stall', Math.max(...stalls), 30, 'ms'),
    ],
  };
}

function giantSection({ memory, stall, took }: Found, alone: readonly number[], beside: readonly number[]): Section {
  return {
    title: `One request of ${GIANT / MEGABYTE} MB beside many small ones`,
    about: `${SMALL_CLIENTS} clients send small requests one after another, first alone, then while the large one passes.`,
    ratioTo: 'alone',
    rows: [
      row('small requests alone, p99', 'ms', alone, alone),
      row('small requests beside it, p99', 'ms', beside, alone),
      row('the large one', 'ms', took),
      row('memory beyond the process', '× body', memory),
      row('longest stall', 'ms', stall),
    ],
  };
}

async function inFresh(lab: Lab, use: (child: Child) => Promise<void>): Promise<void> {
  const child = await lab.fresh('large-bodies');
  try {
    const client = await RawClient.open(child.port);
    for (let turn = 0; turn < 100; turn++) await client.exchange(request(lab, child));
    client.close();
    await use(child);
  } finally {
    await child.stop();
  }
}

function request(lab: Lab, child: Child): Buffer {
  const ask = lab.ask('everything', 'whole', 400, child.origin);
  return requestBytes(ask.url, ask.headers, ask.body);
}

function largeRequest(lab: Lab, child: Child, kind: Kind, size: number): Buffer {
  const { url, headers } = lab.ask('everything', 'whole', 400, child.origin);
  if (kind === 'translated')
    return requestBytes(`${child.origin}/v1/messages`, headers, imageMessages(MODELS.whole, size));
  return requestBytes(url, headers, imageRequest(kind === 'as it came' ? MODELS.whole : RENAMED, size));
}

async function send(lab: Lab, child: Child, kind: Kind, size: number, times: number, into: Found): Promise<void> {
  const bytes = largeRequest(lab, child, kind, size);
  const client = await RawClient.open(child.port);
  const before = await child.vitals(true);
  const took: number[] = [];
  for (let turn = 0; turn < times; turn++) took.push((await client.exchange(bytes)).end);
  const after = await child.vitals();
  client.close();
  into.memory.push(Math.max(0, after.peak - before.rss) / size);
  into.stall.push(after.stall);
  into.took.push(statistic(took).median);
}

/** The 99th percentile of what small requests take, in milliseconds. */
async function small(lab: Lab, child: Child): Promise<number> {
  const bytes = request(lab, child);
  const times: number[] = [];
  const end = performance.now() + BESIDE;
  const one = async (): Promise<void> => {
    const client = await RawClient.open(child.port);
    while (performance.now() < end) {
      times.push((await client.exchange(bytes)).end);
      await wait(1);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: SMALL_CLIENTS }, one));
  return quantile(
    times.toSorted((a, b) => a - b),
    0.99,
  );
}
