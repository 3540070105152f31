/** What a provider says it serves: its operations, each in the dialects that it speaks. */
import assert from 'node:assert/strict';
import type { Operation, ProviderOperation, ProviderOptions } from '@gatewright/core';
import type { AttemptParts } from './attempt.ts';

/** One dialect of one operation, with a model that it serves. */
export interface Spoken {
  readonly operation: Operation;
  readonly dialect: string;
  readonly model: string;
  readonly serves: (model: string) => boolean;
}

/** Everything that a provider speaks. Fails where none of the models is served in a dialect. */
export function spokenBy({ operations }: ProviderOptions, models: readonly string[]): readonly Spoken[] {
  return (Object.entries(operations) as [Operation, ProviderOperation | readonly ProviderOperation[]][]).flatMap(
    ([operation, spoken]) =>
      [spoken].flat().map(({ dialect, serves = () => true }: ProviderOperation) => {
        const model = models.find((one) => serves(one));
        assert.ok(
          model !== undefined,
          `The suite needs a model that ${operation} in ${dialect} serves, in \`models\`.`,
        );
        return { operation, dialect, model, serves };
      }),
  );
}

/** A request of an operation in its neutral form, for providers that look at it. */
const REQUESTS: { readonly [O in Operation]?: Readonly<Record<string, unknown>> } = {
  rerank: { query: 'a question', documents: ['a text'] },
};

/** An attempt of what is spoken. */
export function attemptAt({ operation, dialect, model }: Spoken, more: AttemptParts = {}): AttemptParts {
  return { operation, dialect, model, request: { model, ...REQUESTS[operation] }, ...more };
}
