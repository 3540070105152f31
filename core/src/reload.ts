/** What a reload of the configuration is asked for, and what it answers. */
import type { Logger } from './logger.ts';

/** One thing that differs between two configurations. */
export interface ConfigChange {
  readonly kind: 'add' | 'remove' | 'change';
  /** `plugin`, `model`, `hook`, `setting`. */
  readonly what: string;
  readonly name: string;
  /** What changes inside it: paths, with what they are before and after. Secrets are masked. */
  readonly details: readonly ConfigDetail[];
  /** A reload does not change it: the process has to be started anew. */
  readonly restart?: true;
}

export interface ConfigDetail {
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: unknown;
  /** Absent where there will be nothing. */
  readonly after?: unknown;
}

/** Reads the configuration again. */
export interface Reloading {
  /**
   * Resolves with what has changed when the new configuration serves. Rejects with all that is wrong with it
   * (`GW_CONFIG` and the other errors of booting); the one before then goes on.
   */
  reload(): Promise<readonly ConfigChange[]>;
  /** What a reload would change now. Rejects like it. */
  preview(): Promise<readonly ConfigChange[]>;
}

/** Says what a reload has left as it was. */
export function warnOfRestarts(changes: readonly ConfigChange[], logger: Logger): void {
  for (const { name, restart } of changes) {
    if (restart) logger.warn(`"${name}" has changed in the configuration; only a restart takes that in.`);
  }
}
