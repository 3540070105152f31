/** All faults, in the order in which they are run. */
import type { Fault } from '../fault.ts';
import { concurrency } from './concurrency.ts';
import { crashes } from './crash.ts';
import { outages } from './outage.ts';

export const FAULTS: readonly Fault[] = [concurrency, ...crashes, ...outages];
