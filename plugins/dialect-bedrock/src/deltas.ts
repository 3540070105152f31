/** The pieces that the blocks of a stream are written in. */
import type { Delta, JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { CONVERSE } from './names.ts';
import { splitBlock } from './opaque-block.ts';
import { hint } from './rest.ts';

/** The delta as this dialect writes it; undefined where there is nothing to write. */
export function encodeDelta({ delta, rest }: PartDeltaEvent, part: Part): JsonObject | undefined {
  switch (delta.kind) {
    case 'text':
    case 'refusal':
      return { text: delta.text };
    case 'arguments':
      return hint(rest, '$owed') === true ? undefined : { toolUse: { input: delta.text } };
    case 'reasoning':
      return { reasoningContent: { text: delta.text } };
    case 'signature':
      // A signature of another dialect counts for nothing here.
      return part.type === 'reasoning' && part.origin === CONVERSE
        ? { reasoningContent: { signature: delta.signature } }
        : undefined;
    case 'citation':
      return delta.dialect === CONVERSE ? { citation: delta.item } : undefined;
    case 'opaque':
      return (hint(rest, '$wire') as JsonObject | null | undefined) ?? undefined;
    case 'audio':
      return undefined;
  }
}

/** What a part holds already when it begins, as deltas: that is where clients look for it. */
export function openingDeltas(part: Part): JsonObject[] {
  const deltas: Delta[] = [];
  switch (part.type) {
    case 'text':
    case 'refusal':
      if (part.text !== '') deltas.push({ kind: 'text', text: part.text });
      break;
    case 'tool-call':
      if (part.arguments !== '') deltas.push({ kind: 'arguments', text: part.arguments });
      break;
    case 'reasoning':
      if (part.redacted !== undefined) return ownRedacted(part.redacted, part.origin);
      if (part.text !== '') deltas.push({ kind: 'reasoning', text: part.text });
      if (part.signature !== undefined) deltas.push({ kind: 'signature', signature: part.signature });
      break;
    case 'opaque': {
      const delta = splitBlock(part.value)?.delta;
      return delta === undefined ? [] : [delta];
    }
    default:
  }
  const events = deltas.map((delta): PartDeltaEvent => ({ type: 'part-delta', candidate: 0, index: 0, delta }));
  return events.map((event) => encodeDelta(event, part)).filter((delta) => delta !== undefined);
}

function ownRedacted(redacted: string, origin: string): JsonObject[] {
  return origin === CONVERSE ? [{ reasoningContent: { redactedContent: redacted } }] : [];
}
