/** Thousands of exchanges with faults at random, and what is left of them in the gateway. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim } from '@gatewright/core';
import type { TestGateway } from '../../e2e/gateways.ts';
import { failure, stream } from './reply.ts';
import { CLOSE, LabServer, RESET, STALL, type Step } from './server.ts';
import { MODELS, soaked, type Spies } from './soak-gateway.ts';
import { BEGINNING, ENDING, good, openai, TEXT } from './words.ts';

export interface SoakOptions {
  readonly exchanges: number;
  /** How many are under way at once. */
  readonly clients: number;
  /** The same seed makes the same faults, in the order in which requests arrive. */
  readonly seed: number;
  /** With hedges, breakers, and fewer places than callers. */
  readonly crowded?: boolean;
  readonly progress?: (done: number) => void;
}

export interface SoakReport {
  /** How exchanges ended, by the words of {@link endingOf}. */
  readonly endings: ReadonlyMap<string, number>;
  /** The event loop's delay at the 99th percentile, in milliseconds; the callers and the providers share the loop. */
  readonly lag: number;
  /** By how much the heap grew from the second half on, in bytes. */
  readonly growth: number;
  readonly wrong: string[];
}

/** Numbers from 0 to 1 (https://en.wikipedia.org/wiki/Linear_congruential_generator, the constants of Numerical Recipes). */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const FAULTS: readonly (readonly Step[])[] = [
  failure(500, 'oops'),
  failure(503, 'down'),
  failure(429, 'slow down', {}, { 'retry-after-ms': '20' }),
  failure(400, 'no'),
  [RESET],
  [STALL],
  stream([...BEGINNING, RESET]),
  stream([...BEGINNING, STALL]),
  stream([...BEGINNING, CLOSE]),
  stream([...BEGINNING, 'data: {"error":{"message":"overloaded"}}\n\n']),
  stream([...BEGINNING.slice(0, 2), 'data: {"id"\n\n', BEGINNING[2] ?? '', ...ENDING, openai.done]),
  stream([...BEGINNING, ...ENDING]),
  stream([...BEGINNING, 30, ...ENDING, openai.done]),
  stream([]),
];

export async function soak({ exchanges, clients, seed, crowded = false, progress }: SoakOptions): Promise<SoakReport> {
  const roll = dice(seed);
  const servers = [await LabServer.start(), await LabServer.start()] as const;
  for (const server of servers) {
    server.play(() => (roll() < 0.6 ? good(true) : (FAULTS[Math.floor(roll() * FAULTS.length)] ?? [])));
  }
  const spies: Spies = { claims: [] };
  const timersBefore = timers();
  const gateway = await soaked(servers, spies, crowded);
  const endings = new Map<string, number>();
  const wrong: string[] = [];
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let next = 0;
  let half = 0;
  const client = async (): Promise<void> => {
    while (next < exchanges) {
      const index = next++;
      if (index === Math.floor(exchanges / 2)) half = usedHeap();
      const ending = await exchange(gateway.url, `m-${MODELS[index % 3]}`, roll);
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
      if (ending === 'half an answer that looks whole') wrong.push(`exchange ${index}: ${ending}`);
      progress?.(index + 1);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  delay.disable();
  wrong.push(...(await leftovers(gateway, spies)));
  const growth = usedHeap() - half;
  await gateway.close();
  const open = (): number => servers[0].connections + servers[1].connections;
  // A busy loop comes to its timers before it reads that a socket was closed; what leaks stays for seconds.
  for (let tries = 0; open() > 0 && tries < 100; tries++) await sleep(20);
  if (open() > 0) wrong.push(`${open()} connections to providers are left open`);
  await Promise.all(servers.map((server) => server.stop()));
  const left = timers() - timersBefore;
  if (left > 0) wrong.push(`${left} timers are left running`);
  return { endings, lag: delay.percentile(99) / 1e6, growth, wrong };
}

/** What the gateway still holds once all callers are gone. */
async function leftovers(gateway: TestGateway, { state, claims }: Spies): Promise<string[]> {
  const wrong: string[] = [];
  for (let tries = 0; gateway.gateway.active > 0 && tries < 200; tries++) await sleep(20);
  if (gateway.gateway.active > 0) wrong.push(`${gateway.gateway.active} exchanges are still under way`);
  // Settling is not waited for; give its last turn to it.
  await sleep(50);
  const balances = await state?.balances(claims);
  for (const [index, balance] of (balances ?? []).entries()) {
    const { scope, unit } = claims[index] as Claim;
    if (balance === undefined) wrong.push(`nothing is known of ${unit} of ${scope}`);
    else if (balance.reserved !== 0n) wrong.push(`${balance.reserved} ${unit} of ${scope} are still reserved`);
  }
  if ((balances ?? []).length === 0) wrong.push('nothing was reserved at all');
  return wrong;
}

/** One caller, who may leave early. */
async function exchange(url: string, model: string, roll: () => number): Promise<string> {
  const leaves = roll() < 0.1 ? AbortSignal.timeout(1 + Math.floor(roll() * 60)) : undefined;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'count' }] }),
      ...(leaves === undefined ? {} : { signal: leaves }),
    });
    return endingOf(response.status, await response.text());
  } catch (error) {
    return leaves?.aborted === true ? 'left' : `broken: ${(error as Error).message}`;
  }
}

function endingOf(status: number, body: string): string {
  if (status !== 200) return `status ${status}`;
  if (body.includes('"error"')) return 'an error behind the beginning';
  const frames = body.split('\n\n').filter((frame) => frame.startsWith('data: {'));
  const text = frames
    .map((frame) => (JSON.parse(frame.slice(6)) as { choices: { delta: { content?: string } }[] }).choices)
    .map((choices) => choices[0]?.delta.content ?? '')
    .join('');
  return text === TEXT && body.includes('[DONE]') ? 'the whole answer' : 'half an answer that looks whole';
}

/** Those that keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function usedHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
