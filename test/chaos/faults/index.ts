/** All faults, in the order in which they are run. */
import type { Fault } from '../fault.ts';
import { clusterFaults } from './cluster.ts';
import { concurrency } from './concurrency.ts';
import { connectionLimit } from './connections.ts';
import { crashes } from './crash.ts';
import { diskFull } from './full-disk.ts';
import { serversKilled } from './killed-servers.ts';
import { olderStates } from './older-state.ts';
import { outages } from './outages.ts';
import { workersKilled } from './workers.ts';

export const FAULTS: readonly Fault[] = [
  concurrency,
  ...crashes,
  workersKilled,
  ...outages,
  ...serversKilled,
  ...olderStates,
  ...clusterFaults,
  connectionLimit,
  diskFull,
];
