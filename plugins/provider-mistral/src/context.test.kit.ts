/** A context that keeps what it is told. */
import type { EncodeContext } from '@gatewright/core';

export interface ToldContext extends EncodeContext {
  readonly told: string[];
}

export function toldContext(): ToldContext {
  const told: string[] = [];
  return {
    model: 'm',
    told,
    unsupported: (field) => void told.push(`unsupported ${field}`),
    warn: (field) => void told.push(`warn ${field}`),
  };
}
