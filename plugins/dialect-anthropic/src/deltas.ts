/** The pieces that the blocks of a stream come in. */
import type { Delta, JsonObject, PartDeltaEvent, Rest } from '@gatewright/core';
import { MESSAGES } from './names.ts';
import type { Reading } from './reading.ts';
import { hint, omit, restore, withRest } from './rest.ts';

export interface DecodedDelta {
  readonly delta: Delta;
  readonly rest?: Rest;
}

/**
 * Reads a delta that any block of its kind may get. Others, and all deltas of opaque blocks, are {@link opaqueDelta}s;
 * undefined means such a one.
 */
export function decodeDelta(delta: JsonObject, at: Reading): DecodedDelta | undefined {
  const text = (key: string): string => at.at(key).string(delta[key]);
  switch (delta['type']) {
    case 'text_delta':
      return { delta: { kind: 'text', text: text('text') }, ...withRest(delta, omit(delta, 'type', 'text')) };
    case 'input_json_delta': {
      const rest = withRest(delta, omit(delta, 'type', 'partial_json'));
      return { delta: { kind: 'arguments', text: text('partial_json') }, ...rest };
    }
    case 'thinking_delta': {
      // An estimate of tokens means nothing beside the usage at the end.
      const extra = delta['estimated_tokens'] === undefined ? {} : { estimated_tokens: delta['estimated_tokens'] };
      const rest = withRest(delta, omit(delta, 'type', 'thinking', 'estimated_tokens'), {
        $extra: Object.keys(extra).length === 0 ? undefined : extra,
      });
      return { delta: { kind: 'reasoning', text: text('thinking') }, ...rest };
    }
    case 'signature_delta':
      return {
        delta: { kind: 'signature', signature: text('signature') },
        ...withRest(delta, omit(delta, 'type', 'signature')),
      };
    case 'citations_delta':
      return {
        delta: { kind: 'citation', dialect: MESSAGES, item: delta['citation'] },
        ...withRest(delta, omit(delta, 'type', 'citation')),
      };
    default:
      return undefined;
  }
}

/**
 * A delta that only this dialect knows. `value` are the fields that the block has from now on; `wire` is the delta as
 * it is written, null where there is nothing to write.
 */
export function opaqueDelta(value: JsonObject, wire: JsonObject | null): DecodedDelta {
  return {
    delta: { kind: 'opaque', dialect: MESSAGES, value },
    rest: { dialect: MESSAGES, fields: { $wire: wire } },
  };
}

/** The delta as this dialect writes it; undefined where it has nothing to write. */
export function encodeDelta(event: PartDeltaEvent): JsonObject | undefined {
  const known = knownDelta(event.delta, event.rest);
  return known === undefined || event.rest?.dialect !== MESSAGES ? known : restore(known, event.rest.fields);
}

function knownDelta(delta: Delta, rest: Rest | undefined): JsonObject | undefined {
  switch (delta.kind) {
    case 'text':
    case 'refusal':
      return delta.text === '' ? undefined : { type: 'text_delta', text: delta.text };
    case 'arguments':
      return delta.text === '' ? undefined : { type: 'input_json_delta', partial_json: delta.text };
    case 'reasoning':
      return delta.text === '' ? undefined : { type: 'thinking_delta', thinking: delta.text };
    case 'signature':
      return { type: 'signature_delta', signature: delta.signature };
    case 'citation':
      return delta.dialect === MESSAGES ? { type: 'citations_delta', citation: delta.item } : undefined;
    case 'opaque':
      return (hint(rest, '$wire') as JsonObject | null | undefined) ?? undefined;
    case 'audio':
      return undefined;
  }
}
