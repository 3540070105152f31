/** What callers and providers who misbehave cost: keys that nobody has, targets that fail, readers that do not read. */
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { Ask, Lab } from './lab.ts';
import { loadAnyhow } from './load.ts';
import { chatRequest } from './payload.ts';
import { RawClient, requestBytes } from './raw-client.ts';
import { row, type Section } from './report.ts';
import { interleave, quantile, ratios, statistic } from './statistic.ts';
import { FLOOD_SIZE } from './upstream.ts';
import { warmWith } from './warm-up.ts';

const READERS = 100;
/** How long slow readers do not read, in milliseconds. */
const SILENCE = 2500;
const MOST_ROUNDS = 3;

export async function adversity(lab: Lab): Promise<Section[]> {
  return [await flood(lab), await slowReaders(lab)];
}

/** Requests whose key is none, and requests whose first target fails, beside good ones. */
async function flood(lab: Lab): Promise<Section> {
  const { rounds, connections, seconds, warmUp } = lab.settings;
  const child = await lab.fresh('shaky');
  try {
    const good = lab.ask('everything', 'whole', 400, child.origin);
    const asks = {
      good,
      stranger: { ...good, headers: { ...good.headers, authorization: 'Bearer nobody-has-this-key' } },
      broken: { ...good, body: chatRequest('broken', 400) },
    };
    await warmWith({ ...good, connections, seconds }, warmUp);
    const perCore = async (ask: Ask): Promise<number> => {
      const before = await child.vitals();
      const { requests } = await loadAnyhow({ ...ask, connections, seconds });
      return (1e6 * requests) / ((await child.vitals()).cpu - before.cpu);
    };
    const names = Object.keys(asks) as (keyof typeof asks)[];
    const samples = await interleave(names, rounds, (name) => perCore(asks[name]));
    const of = (name: keyof typeof asks): number[] => samples.get(name) ?? [];
    const refused = statistic(ratios(of('stranger'), of('good'))).median;
    return {
      title: 'Floods: keys that nobody has, and a target that fails',
      about:
        'Requests of 400 B, everything on, by processor time. The target that fails answers 500, and another answers in its place.',
      ratioTo: 'good',
      rows: [
        row('good requests', 'req/core-s', of('good'), of('good')),
        row('refused: a key that nobody has', 'req/core-s', of('stranger'), of('good')),
        row('failed over', 'req/core-s', of('broken'), of('good')),
      ],
      verdicts: [
        {
          aim: 'a key that nobody has costs no more than half of a good request',
          found: `${(1 / refused).toFixed(2)} of it`,
          met: refused >= 2,
        },
      ],
    };
  } finally {
    await child.stop();
  }
}

/** Streams of megabytes that nobody reads, and what that does to others. */
async function slowReaders(lab: Lab): Promise<Section> {
  const held: number[] = [];
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < Math.min(lab.settings.rounds, MOST_ROUNDS); round++) {
    const child = await lab.fresh('everything');
    try {
      alone.push(await p50(lab, child));
      const before = await child.vitals(true);
      const ask = lab.ask('everything', 'flood', 400, child.origin);
      const sockets = Array.from({ length: READERS }, () => unread(child.port, ask));
      await wait(SILENCE);
      held.push(((await child.vitals()).rss - before.rss) / READERS / 1000);
      beside.push(await p50(lab, child));
      for (const socket of sockets) socket.destroy();
    } finally {
      await child.stop();
    }
  }
  const size = FLOOD_SIZE / 1000;
  const { median } = statistic(held);
  return {
    title: `${READERS} slow readers`,
    about: `Each asks for a stream of ${(size / 1000).toFixed(0)} MB and reads nothing of it. Small requests of others are timed before and meanwhile.`,
    ratioTo: 'alone',
    rows: [
      row('memory for each', 'kB', held),
      row('small requests alone, p50', 'ms', alone, alone),
      row('small requests meanwhile, p50', 'ms', beside, alone),
    ],
    verdicts: [
      {
        aim: 'a reader that does not read takes less than a tenth of its stream',
        found: `${median.toFixed(0)} kB of ${size.toFixed(0)}`,
        met: median < size / 10,
      },
    ],
  };
}

/** Asks, and takes nothing but what the kernel buffers. */
function unread(port: number, ask: Ask): Socket {
  const socket = connect({ port, host: '127.0.0.1' }, () => {
    socket.write(requestBytes(ask.url, ask.headers, ask.body));
  });
  socket.on('error', () => socket.destroy());
  return socket.pause();
}

async function p50(lab: Lab, child: Child): Promise<number> {
  const ask = lab.ask('everything', 'whole', 400, child.origin);
  const request = requestBytes(ask.url, ask.headers, ask.body);
  const client = await RawClient.open(child.port);
  const times: number[] = [];
  for (let turn = 0; turn < 2 * lab.settings.requests; turn++) times.push((await client.exchange(request)).end);
  client.close();
  return quantile(
    // The first half is there to warm up.
    times.slice(lab.settings.requests).toSorted((a, b) => a - b),
    0.5,
  );
}
