/** What a request costs where there is much of everything, beside the same gateway with little. */
import { DatabaseSync } from 'node:sqlite';
import type { Child } from './child.ts';
import { MANY_MODELS, MANY_PLUGINS, MANY_TARGETS, recordsBeside } from './full-setups.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';
import { VIRTUAL_KEY } from './payload.ts';
import { row, type Row, type Section } from './report.ts';
import type { SetupName } from './setups.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast, type Target } from './target.ts';
import { sampleOf } from './throughput.ts';
import { warmWith } from './warm-up.ts';

const MANY_KEYS = 1_000_000;

interface Grown {
  readonly setup: SetupName;
  readonly what: string;
  /** The same without it. */
  readonly small: SetupName;
  /** Whether the project has set itself a target for it. */
  readonly target: boolean;
}

const GROWN: readonly Grown[] = [
  { setup: 'many-models', what: `${MANY_MODELS} models`, small: 'everything', target: true },
  { setup: 'many-targets', what: `${MANY_TARGETS} targets of the model`, small: 'everything', target: true },
  { setup: 'many-plugins', what: `${MANY_PLUGINS} more plugins`, small: 'everything', target: false },
  {
    setup: 'many-keys',
    what: `${MANY_KEYS.toLocaleString('en-GB')} virtual keys in SQLite`,
    small: 'money',
    target: true,
  },
];

export async function growth(lab: Lab): Promise<Section> {
  const setups = [...new Set(GROWN.flatMap(({ setup, small }) => [small, setup]))];
  const children = new Map<SetupName, Child>();
  try {
    for (const setup of setups) children.set(setup, await lab.fresh(setup));
    fill(recordsBeside(lab.logFile));
    for (const setup of setups) await warmWith(loadOn(lab, setup, children), lab.settings.warmUp);
    const samples = await interleave(setups, lab.settings.rounds, (setup) =>
      sampleOf(children.get(setup) as Child, loadOn(lab, setup, children)),
    );
    return section(new Map([...samples].map(([setup, values]) => [setup, values.map(({ cpu }) => 1e6 / cpu)])));
  } finally {
    for (const child of children.values()) await child.stop();
  }
}

function section(perCore: ReadonlyMap<SetupName, number[]>): Section {
  const of = (setup: SetupName): number[] => perCore.get(setup) ?? [];
  const rows: Row[] = [
    row('static keys, little of everything', 'req/core-s', of('everything'), of('everything')),
    row('one virtual key', 'req/core-s', of('money'), of('money')),
  ];
  const targets: Target[] = [];
  for (const { setup, what, small, target } of GROWN) {
    rows.push(row(what, 'req/core-s', of(setup), of(small)));
    const share = statistic(ratios(of(setup), of(small))).median;
    if (target) targets.push(atLeast(`throughput with ${what}, share of the small configuration`, share, 0.9));
  }
  return {
    title: 'Growth: requests of 400 B, everything on',
    about:
      'By processor time. Ratios are to the same gateway with one model asked, one target, and one key. Of the million keys one is used: what it takes to read others is measured by "npm run bench -- --only money".',
    ratioTo: 'small',
    rows,
    targets,
  };
}

function loadOn(lab: Lab, setup: SetupName, children: ReadonlyMap<SetupName, Child>): Load {
  const { connections, seconds } = lab.settings;
  const ask = lab.ask('everything', 'whole', 400, (children.get(setup) as Child).origin);
  const virtual = setup === 'money' || setup === 'many-keys';
  const headers = virtual ? { ...ask.headers, authorization: `Bearer ${VIRTUAL_KEY}` } : ask.headers;
  return { ...ask, headers, connections, seconds };
}

/** Puts a million keys beside the one that is there, behind the store's back: through its checks it would take minutes. */
function fill(path: string): void {
  const database = new DatabaseSync(path, { timeout: 30_000 });
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY_KEYS})`;
  const value = `json_object('hash', printf('%064x', n), 'shown', 'sk-...', 'rotations', 0)`;
  database.exec('BEGIN');
  database.exec(
    `${numbers} INSERT INTO records (kind, id, version, value, created, updated) SELECT 'key', printf('key_%07d', n), 1, ${value}, 0, 0 FROM numbers`,
  );
  database.exec(
    `${numbers} INSERT INTO record_index (kind, field, value, id) SELECT 'key', 'hash', printf('%064x', n), printf('key_%07d', n) FROM numbers`,
  );
  database.exec('COMMIT');
  database.close();
}
