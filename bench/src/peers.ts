/** Ours beside other gateways, same upstream, same load, one core each: `npm run bench:peers`. */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { LOAD_CORE, pinRunning } from './child.ts';
import { Lab, type Ask, type Settings } from './lab.ts';
import { loadAnyhow, putLoad } from './load.ts';
import type { Manner } from './payload.ts';
import { PEER_KINDS } from './peer-kinds.ts';
import { Peer, type PeerKind } from './peer.ts';
import { reasonOf } from './reason.ts';
import { row, type Row, type Section } from './report.ts';
import { runCommand, runSession } from './session.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast } from './target.ts';
import { warm } from './warm-up.ts';

/** Kept between runs: installing takes minutes. */
const FOLDER = join(tmpdir(), 'gatewright-peers');
const OURS = 'this gateway, everything on';
const BARE = 'bare passthrough';

/** Who is asked: ours, the bare passthrough, a peer. */
interface Contestant {
  readonly name: string;
  readonly ask: (manner: Manner) => Ask;
  readonly manners: readonly Manner[];
  /** Microseconds of processor time so far. */
  readonly cpu: () => Promise<number>;
}

interface Sample {
  readonly perSecond: number;
  readonly perCore: number;
  readonly p50: number;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

export async function peers(settings: Settings): Promise<Section[]> {
  const installed = await installAll();
  pinRunning(LOAD_CORE, process.pid);
  const lab = await Lab.open(settings, ['bare', 'everything']);
  const running: Peer[] = [];
  try {
    await warm(lab);
    const contestants = [contestant(lab, 'bare', BARE), contestant(lab, 'everything', OURS)];
    for (const [kind, version] of installed.found) {
      try {
        const peer = await Peer.start(kind, join(FOLDER, kind.name), lab.child('upstream').origin);
        running.push(peer);
        const name = `${kind.name} ${version}`;
        const ask = (manner: Manner): Ask => kind.ask(peer.needs, manner);
        const manners = await check(kind, ask, installed);
        const one = { name, ask, manners, cpu: () => Promise.resolve(peer.cpu) };
        await warmUp(one, settings);
        contestants.push(one);
      } catch (error) {
        installed.missing.push(`${kind.name}: ${reasonOf(error)}`);
        say(`${kind.name} is left out: ${reasonOf(error)}`);
      }
    }
    return await sections(contestants, settings, installed);
  } finally {
    await Promise.all(running.map((peer) => peer.stop()));
    await lab.close();
  }
}

interface Installed {
  readonly found: Map<PeerKind, string>;
  /** Those that are not here, with why. */
  readonly missing: string[];
}

async function installAll(): Promise<Installed> {
  const installed: Installed = { found: new Map(), missing: [] };
  for (const kind of PEER_KINDS) {
    say(`Installing ${kind.name} …`);
    const folder = join(FOLDER, kind.name);
    await mkdir(folder, { recursive: true });
    try {
      const version = await kind.install(folder);
      installed.found.set(kind, version);
      say(`${kind.name} ${version} is there.`);
    } catch (error) {
      installed.missing.push(`${kind.name}: ${reasonOf(error)}`);
      say(`${kind.name} could not be installed: ${reasonOf(error)}`);
    }
  }
  return installed;
}

function contestant(lab: Lab, subject: 'bare' | 'everything', name: string): Contestant {
  const child = lab.child(subject);
  const ask = (manner: Manner): Ask => lab.ask(subject, manner);
  return { name, ask, manners: ['whole', 'burst'], cpu: async () => (await child.vitals()).cpu };
}

/** What a peer answers with the upstream's words. Throws where it answers nothing so: its figures would mean nothing. */
async function check(kind: PeerKind, ask: Contestant['ask'], { missing }: Installed): Promise<Manner[]> {
  const able: Manner[] = [];
  for (const manner of ['whole', 'burst'] as const) {
    if (manner === 'burst' && kind.streams === false) continue;
    const { url, headers, body } = ask(manner);
    const reply = await request(url, { method: 'POST', headers: { ...headers }, body });
    const text = await reply.body.text();
    if (reply.statusCode === 200 && text.includes('arcades')) able.push(manner);
    else
      missing.push(
        `${kind.name}, ${manner === 'whole' ? 'requests' : 'streams'}: it answers ${reply.statusCode}: ${text.slice(0, 200)}`,
      );
  }
  if (!able.includes('whole')) throw new Error('it does not answer requests.');
  return able;
}

/** The longest that one peer is warmed up, in loads; some are slow. */
const TURNS = 6;
const WARM_SECONDS = 5;

async function warmUp({ ask }: Contestant, { connections, warmUp: enough }: Settings): Promise<void> {
  let requests = 0;
  for (let turn = 0; turn < TURNS && requests < enough; turn++) {
    requests += (await loadAnyhow({ ...ask('whole'), connections, seconds: WARM_SECONDS })).requests;
  }
}

async function sections(contestants: Contestant[], settings: Settings, installed: Installed): Promise<Section[]> {
  const whole = await measure(contestants, 'whole', settings, installed);
  const burst = await measure(contestants, 'burst', settings, installed);
  const features = [...installed.found.keys()].map((kind) => `${kind.name}: ${kind.features}.`);
  const missing = installed.missing.map((one) => `Not measured: ${one}`);
  const about = `One core each, ${settings.connections} connections, no database for any but ours.`;
  const perCore = (name: string): number[] => (whole.get(name) ?? []).map((sample) => sample.perCore);
  const portkey = [...whole.keys()].find((name) => name.startsWith('Portkey'));
  const share = portkey === undefined ? undefined : statistic(ratios(perCore(OURS), perCore(portkey))).median;
  return [
    {
      ...section('Other gateways: requests of 400 B, beside ours', about, OURS, whole),
      notes: [...features, ...missing],
    },
    {
      ...section('Other gateways: requests of 400 B, beside the bare passthrough', 'The same figures.', BARE, whole),
      ...(share === undefined ? {} : { targets: [atLeast('everything on, small chat, times Portkey', share, 8)] }),
    },
    section('Other gateways: streams of 100 events, beside ours', `${settings.connections} connections.`, OURS, burst),
  ];
}

/** The samples of those that served every load; the others are named among what is missing. */
async function measure(
  contestants: Contestant[],
  manner: Manner,
  { connections, seconds, rounds }: Settings,
  { missing }: Installed,
): Promise<Map<string, Sample[]>> {
  const lost = new Set<Contestant>();
  const able = contestants.filter(({ manners }) => manners.includes(manner));
  const samples = await interleave(able, rounds, async (one): Promise<Sample | undefined> => {
    if (lost.has(one)) return undefined;
    const before = await one.cpu();
    try {
      const { perSecond, requests, p50 } = await putLoad({ ...one.ask(manner), connections, seconds });
      return { perSecond, p50, perCore: (1e6 * requests) / ((await one.cpu()) - before) };
    } catch (error) {
      lost.add(one);
      missing.push(`${one.name}: ${reasonOf(error)}`);
      return undefined;
    }
  });
  const served = [...samples].filter(([one]) => !lost.has(one));
  return new Map(served.map(([{ name }, values]) => [name, values.filter((sample) => sample !== undefined)]));
}

function section(title: string, about: string, to: string, samples: ReadonlyMap<string, readonly Sample[]>): Section {
  const values = (name: string, of: keyof Sample): number[] => (samples.get(name) ?? []).map((sample) => sample[of]);
  const rows = (what: string, unit: string, of: keyof Sample): Row[] =>
    [...samples.keys()].map((name) => row(`${name}${what}`, unit, values(name, of), values(to, of)));
  return {
    title,
    about,
    ratioTo: to === OURS ? 'ours' : 'bare',
    rows: [
      ...rows('', 'req/s', 'perSecond'),
      ...rows(', by processor time', 'req/core-s', 'perCore'),
      ...rows(', p50 under load', 'ms', 'p50'),
    ],
  };
}

if (import.meta.main) await runCommand('peers', ['peers'], (options) => runSession({ peers }, options), { seconds: 3 });
