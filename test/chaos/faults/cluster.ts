/** A Redis Cluster in which slots move under load, and in which a primary dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../cluster.ts';
import type { Settings } from '../composition.ts';
import type { Fault } from '../fault.ts';
import { outage } from './outage.ts';

/** Milliseconds between two moves of all slots: a ledger that has moved is made whole anew, which takes about a lease. */
const PAUSE = 3000;

type Ledger = NonNullable<Settings['ledger']>;

const settingsOn = (cluster: Cluster, ledger: Ledger): Partial<Settings> => ({ cluster: cluster.ports, ledger });

function moving(ledger: Ledger): Fault {
  let cluster: Cluster | undefined;
  let moves: Promise<void> = Promise.resolve();
  let over = false;
  return outage({
    name: `Redis Cluster, slots move, ledger ${ledger}`,
    async prepare() {
      const started = (cluster = await Cluster.start(false));
      return { settings: settingsOn(started, ledger), close: () => started.stop() };
    },
    begin() {
      over = false;
      moves = (async () => {
        for (let waited = PAUSE; !over; waited += 50) {
          if (waited % PAUSE === 0) await cluster?.moveSlots();
          await sleep(50);
        }
      })();
    },
    async end() {
      over = true;
      await moves;
    },
    // For moments a slot is in neither place.
    allowed: [200, 503],
    serves: true,
  });
}

function primaryKilled(ledger: Ledger, replicated: boolean): Fault {
  let cluster: Cluster | undefined;
  let restart: () => Promise<void> = () => Promise.resolve();
  return outage({
    name: `Redis Cluster, a primary is killed and ${replicated ? 'its replica takes over' : 'comes back empty'}, ledger ${ledger}`,
    async prepare() {
      const started = (cluster = await Cluster.start(replicated));
      return { settings: settingsOn(started, ledger), close: () => started.stop() };
    },
    async begin(site) {
      const owner = await cluster?.ownerOf(`${site.settings.schema}:{ledger}:meta`);
      if (owner === undefined) throw new Error('No primary has the ledger.');
      await owner.crash();
      restart = () => (replicated ? Promise.resolve() : owner.start());
    },
    end: () => restart(),
    allowed: [200, 503],
    serves: false,
  });
}

export const clusterFaults: readonly Fault[] = [
  moving('one-slot'),
  moving('by-tenant'),
  primaryKilled('one-slot', true),
  primaryKilled('by-tenant', true),
  primaryKilled('one-slot', false),
];
