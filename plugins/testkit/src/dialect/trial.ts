/** What the tests of one dialect stand on. */
import assert from 'node:assert/strict';
import type { Dialect, EncodeContext, JsonObject, StreamEncodeContext } from '@gatewright/core';

/** Real bytes of one dialect; of what there is none, nothing is tested. */
export interface DialectSamples {
  /** Bodies of requests, as clients send them. */
  readonly requests?: readonly JsonObject[];
  /** Bodies of whole answers, as providers send them. */
  readonly answers?: readonly JsonObject[];
  /** Streams that ended well, as they came from providers. */
  readonly streams?: readonly (string | Buffer)[];
}

/** What the tests of one dialect are given. */
export interface DialectTrial {
  readonly id: string;
  readonly samples: DialectSamples;
  /** Registers a test on the dialect, its codec loaded. */
  onDialect(name: string, body: (dialect: Dialect) => void): void;
}

/** A context in which everything can be said. */
export function contextOf(model: string): StreamEncodeContext {
  const context: EncodeContext = {
    model,
    unsupported: (field, reason) => assert.fail(`It cannot say "${field}" of its own: ${reason ?? ''}.`),
    warn: () => undefined,
  };
  return { ...context, usage: true, requestId: 'request-1' };
}
