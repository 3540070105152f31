/** Blocks that only this dialect knows, in the two shapes they have: whole, and as a start with deltas. */
import type { JsonObject } from '@gatewright/core';
import { isMissing, isObject } from './reading.ts';
import { omit } from './rest.ts';

/** The block that a start and its deltas amount to: calls and results of tools on the server, images. */
export function wholeBlock(start: JsonObject, deltas: readonly JsonObject[]): JsonObject {
  const kind = Object.keys(start)[0] ?? Object.keys(deltas[0] ?? {})[0] ?? '';
  const begun = isObject(start[kind]) ? start[kind] : {};
  const pieces = deltas.map((delta) => delta[kind]);
  if (kind === 'toolResult') return { [kind]: { ...begun, content: pieces.flat() } };
  if (kind !== 'toolUse') return { [kind]: Object.assign({}, begun, ...pieces.filter(isObject)) as JsonObject };
  const text = pieces.map((piece) => (isObject(piece) && typeof piece['input'] === 'string' ? piece['input'] : ''));
  return { [kind]: { ...begun, input: inputOf(text.join('')) } };
}

function inputOf(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

export interface SplitBlock {
  readonly start: JsonObject;
  readonly delta: JsonObject | undefined;
}

/** A block as its start and one delta; undefined where a stream has no such block. */
export function splitBlock(block: JsonObject): SplitBlock | undefined {
  const { toolUse, toolResult, image } = block;
  if (isObject(toolUse)) {
    const { input } = toolUse;
    const delta = isMissing(input) ? undefined : { toolUse: { input: JSON.stringify(input) } };
    return { start: { toolUse: omit(toolUse, 'input') }, delta };
  }
  if (isObject(toolResult)) {
    const { content } = toolResult;
    const delta = Array.isArray(content) && content.length > 0 ? { toolResult: content as unknown[] } : undefined;
    return { start: { toolResult: omit(toolResult, 'content') }, delta };
  }
  if (isObject(image)) {
    const left = omit(image, 'format');
    const delta = Object.keys(left).length === 0 ? undefined : { image: left };
    return { start: { image: { format: image['format'] } }, delta };
  }
  return Object.keys(block).length === 0 ? { start: {}, delta: undefined } : undefined;
}
