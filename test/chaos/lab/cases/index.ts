/** All faults of the lab, in the order of the table. */
import type { LabCase } from '../case.ts';
import { bodies } from './bodies.ts';
import { connections } from './connections.ts';
import { statuses } from './statuses.ts';
import { rescues, streams } from './streams.ts';

export const CASES: readonly LabCase[] = [...statuses, ...connections, ...bodies, ...streams, ...rescues];
