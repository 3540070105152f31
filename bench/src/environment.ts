/** Where a run took place, in words that name no machine. */
import { arch, availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { pinning } from './child.ts';
import { generator } from './load.ts';

export interface Environment {
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  /** The load that was there before the run began: on a busy machine only ratios mean something. */
  readonly loadBefore: number;
  readonly pinned: boolean;
  readonly generator: string;
}

export function describeEnvironment(): Environment {
  return {
    node: process.version,
    system: `${process.platform} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    pinned: pinning,
    generator,
  };
}
