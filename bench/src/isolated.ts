/** What a hook of a plugin costs that runs in a thread of its own, one call after another. */
import { join } from 'node:path';
import { createGateway, type ChatRequest, type Exchange, type Gateway } from '@gatewright/core';
import type { Settings } from './lab.ts';
import { row, type Section } from './report.ts';
import { interleave, statistic } from './statistic.ts';
import { atMost } from './target.ts';

const PLUGIN = join(import.meta.dirname, 'quiet-plugin.ts');
const CALLS = 1000;
const SIZES = [100, 1000] as const;

interface Subject {
  readonly name: string;
  readonly gateway: Gateway;
  readonly size: number;
}

export async function isolated({ rounds }: Settings): Promise<Section> {
  const [here, there] = await Promise.all([open(false), open(true)]);
  const subjects = SIZES.flatMap((size): Subject[] => [
    { name: `in the gateway's own thread, ${size} B`, gateway: here, size },
    { name: `isolated, ${size} B`, gateway: there, size },
  ]);
  for (const subject of subjects) await microseconds(subject);
  const times = await interleave(subjects, rounds, microseconds);
  await Promise.all([here.close(), there.close()]);
  const worst = subjects.at(-1) as Subject;
  return {
    title: 'Isolated plugins',
    about: `One hook (transform.request) that changes nothing, one call after another: the median of ${CALLS} calls in each round, by the clock.`,
    rows: subjects.map((subject) => row(subject.name, 'µs', times.get(subject) ?? [])),
    targets: [atMost('isolated plugin, per hook at p50', statistic(times.get(worst) ?? []).median, 150, 'µs')],
  };
}

function open(isolate: boolean): Promise<Gateway> {
  return createGateway({ plugins: [{ use: PLUGIN, isolate }] }, { cwd: import.meta.dirname });
}

async function microseconds({ gateway, size }: Subject): Promise<number> {
  const hook = gateway.kernel.hooks.of('chat').request;
  const request: ChatRequest = {
    model: 'any',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'x'.repeat(size) }] }],
  } as never;
  const exchange = exchangeOf();
  const taken: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const began = performance.now();
    await hook?.run(request, exchange as never);
    taken.push(performance.now() - began);
  }
  return statistic(taken).median * 1000;
}

/** What of an exchange is sent to a thread. */
function exchangeOf(): Partial<Exchange> {
  return {
    id: 'gw-0123456789abcdef',
    operation: 'chat',
    headers: { 'content-type': 'application/json', 'content-length': '1000', host: '127.0.0.1:4000', accept: '*/*' },
    method: 'POST',
    path: '/v1/chat/completions',
    model: 'any',
    stream: false,
    depth: 0,
    onAbort: () => () => undefined,
  };
}
