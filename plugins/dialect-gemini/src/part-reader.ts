/** Reads the parts of a content, of requests and of answers. */
import type { JsonObject, Part, Rest } from '@gatewright/core';
import type { CallIds } from './call-ids.ts';
import { decodeResult } from './function-response.ts';
import { decodeFile, decodeInline, type DecodedMedia } from './media.ts';
import { GENERATE } from './names.ts';
import { isMissing, type Reading } from './reading.ts';
import { besidesKnown, omit, withRest } from './rest.ts';

const TEXT = ['text', 'thought'];
const CALL = ['functionCall'];
const CALL_FIELDS = ['id', 'name', 'args'];
const INLINE = ['inlineData'];
const FILE = ['fileData'];

/** Reads a list of parts. */
export function decodeParts(value: unknown, at: Reading, ids: CallIds): Part[] {
  return at.list(value).map((part, index) => decodePart(part, at.at(index), ids));
}

/** Reads one part. One that no other dialect has is kept whole. */
export function decodePart(value: unknown, at: Reading, ids: CallIds): Part {
  const part = at.fields(value);
  if (!isMissing(part['text'])) return text(part, at);
  if (!isMissing(part['functionCall'])) return call(part, at, ids);
  if (!isMissing(part['functionResponse'])) return decodeResult(part, at, ids);
  if (!isMissing(part['inlineData'])) {
    return mediaPart(part, decodeInline(part['inlineData'], at.at('inlineData')), INLINE);
  }
  if (!isMissing(part['fileData'])) {
    return mediaPart(part, decodeFile(part['fileData'], at.at('fileData')), FILE);
  }
  return { type: 'opaque', dialect: GENERATE, value: part };
}

/** Text that the model thought is reasoning; its signature is a field of its own, and that of other parts is kept beside. */
function text(part: JsonObject, at: Reading): Part {
  const { text: value, thought } = part;
  const said = at.at('text').string(value);
  const others = besidesKnown(part, TEXT);
  if (thought !== true) return { type: 'text', text: said, ...besides(others, falseThought(thought)) };
  const { thoughtSignature: signature, ...left } = others;
  return {
    type: 'reasoning',
    text: said,
    ...(isMissing(signature) ? {} : { signature: at.at('thoughtSignature').string(signature) }),
    origin: GENERATE,
    ...withRest(left),
  };
}

/** That a part is no thought goes without saying. */
function falseThought(thought: unknown): JsonObject | undefined {
  return isMissing(thought) ? undefined : { $extra: { thought } };
}

function call(part: JsonObject, at: Reading, ids: CallIds): Part {
  const place = at.at('functionCall');
  const found = place.fields(part['functionCall']);
  const { name, args, id } = found;
  const called = place.at('name').string(name);
  const given = isMissing(id) ? undefined : place.at('id').string(id);
  const kept = besidesKnown(found, CALL_FIELDS);
  const notes = {
    $noId: given === undefined ? true : undefined,
    $noArgs: isMissing(args) ? true : undefined,
    $call: Object.keys(kept).length === 0 ? undefined : kept,
  };
  return {
    type: 'tool-call',
    id: ids.call(called, given),
    name: called,
    arguments: isMissing(args) ? '{}' : JSON.stringify(place.at('args').object(args)),
    ...besides(besidesKnown(part, CALL), notes),
  };
}

/** A signature means nothing to other dialects: it is kept as a note. */
function besides(others: JsonObject, notes: JsonObject | undefined): { readonly rest?: Rest } {
  const { thoughtSignature } = others;
  if (thoughtSignature === undefined) return withRest(others, notes);
  return withRest(omit(others, 'thoughtSignature'), { ...notes, $signature: thoughtSignature });
}

function mediaPart(part: JsonObject, found: DecodedMedia | undefined, known: readonly string[]): Part {
  if (found === undefined) return { type: 'opaque', dialect: GENERATE, value: part };
  const { notes, ...media } = found;
  return { ...media, ...besides(besidesKnown(part, known), notes) };
}
