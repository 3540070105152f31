/** What failing over adds to a request, beyond the time that the fault itself takes. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Lab } from './lab.ts';
import { chatRequest, KEY, MODELS } from './payload.ts';
import { RawClient, requestBytes } from './raw-client.ts';
import { row, type Section } from './report.ts';
import { NOBODY } from './setups.ts';
import { quantile, statistic } from './statistic.ts';

/** What is asked, in turn: each answers with how many milliseconds it took. */
type Probe = () => Promise<number>;

export async function failover(lab: Lab): Promise<Section> {
  const { origin } = lab.child('upstream');
  const gateway = await lab.fresh('failing');
  const clients: RawClient[] = [];
  const asking = async (model: string): Promise<Probe> => {
    const client = await RawClient.open(gateway.port);
    clients.push(client);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
    const request = requestBytes(`${gateway.origin}/v1/chat/completions`, headers, chatRequest(model, 400));
    return async () => (await client.exchange(request)).end;
  };
  try {
    const probes = {
      direct: await asking(MODELS.whole),
      refused: await asking('refused'),
      broken: await asking('broken'),
      refusal: refusedConnection,
      failure: failingReply(origin),
    };
    const times = await measure(lab, probes);
    return section(times);
  } finally {
    for (const client of clients) client.close();
    await gateway.stop();
  }
}

type Times<K extends string> = Readonly<Record<K, readonly number[]>>;

function section(times: Times<'direct' | 'refused' | 'broken' | 'refusal' | 'failure'>): Section {
  const { direct, refused, broken, refusal, failure } = times;
  const beyond = (whole: readonly number[], fault: readonly number[]): number[] =>
    whole.map((value, round) => value - (direct[round] ?? Number.NaN) - (fault[round] ?? Number.NaN));
  const added = { refused: beyond(refused, refusal), broken: beyond(broken, failure) };
  const most = Math.max(statistic(added.refused).median, statistic(added.broken).median);
  return {
    title: 'Failing over',
    about:
      'One connection, one request after another, in turn; p50 of a round. The fault is what a client sees that asks the failing target itself.',
    rows: [
      row('first target answers', 'ms', direct),
      row('first target refuses the connection', 'ms', refused),
      row('first target answers 500', 'ms', broken),
      row('failing over from a refusal adds', 'ms', added.refused),
      row('failing over from a 500 adds', 'ms', added.broken),
    ],
    verdicts: [
      { aim: 'adds no more than 2 ms beyond the fault itself', found: `${most.toFixed(3)} ms`, met: most <= 2 },
    ],
  };
}

/** The p50 of each round. Probes come in turn, so that whatever the machine does hits all of them. */
async function measure<K extends string>(lab: Lab, probes: Readonly<Record<K, Probe>>): Promise<Times<K>> {
  const { rounds, requests, warmUp } = lab.settings;
  const names = Object.keys(probes) as K[];
  const medians = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
  const round = async (turns: number): Promise<Record<K, number[]>> => {
    const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
    for (let turn = 0; turn < turns; turn++) for (const name of names) times[name].push(await probes[name]());
    return times;
  };
  await round(Math.ceil(warmUp / 10));
  for (let count = 0; count < rounds; count++) {
    const times = await round(requests);
    for (const name of names) {
      medians[name].push(
        quantile(
          times[name].toSorted((a, b) => a - b),
          0.5,
        ),
      );
    }
  }
  return medians;
}

async function refusedConnection(): Promise<number> {
  const began = performance.now();
  const socket = connect({ port: NOBODY, host: '127.0.0.1' });
  await once(socket, 'error').catch(() => undefined);
  socket.destroy();
  return performance.now() - began;
}

function failingReply(origin: string): Probe {
  const { port } = new URL(origin);
  const request = requestBytes(`${origin}/broken/v1/chat/completions`, {}, chatRequest('any', 400));
  let socket: ReturnType<typeof connect> | undefined;
  return async () => {
    if (socket === undefined) {
      socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true }).unref();
      await once(socket, 'connect');
    }
    const began = performance.now();
    socket.write(request);
    await once(socket, 'data');
    return performance.now() - began;
  };
}
