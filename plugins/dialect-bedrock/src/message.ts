/** Writes messages of the binary event stream: lengths, headers and payload, each under a checksum. */
import type { JsonObject } from '@gatewright/core';
import { checksum } from './checksum.ts';
import { FixedRun } from './fixed-run.ts';

/** Two lengths and their checksum (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html). */
export const PRELUDE = 12;
/** The checksum behind the payload. */
export const TRAILER = 4;
/** A header value that is a string. */
export const STRING = 7;

/** An event of the stream, or an exception that ends it. */
export type MessageKind = 'event' | 'exception';

/** The headers of every type that has been written: there are about ten of them. */
const headers: Readonly<Record<MessageKind, Map<string, FixedRun>>> = { event: new Map(), exception: new Map() };

/** A message with JSON in it. `type` is a name of the protocol, such as `contentBlockDelta`. */
export function encodeMessage(type: string, payload: JsonObject, kind: MessageKind = 'event'): Buffer {
  return encodeJson(type, JSON.stringify(payload), kind);
}

/** A message with JSON that is text already. */
export function encodeJson(type: string, text: string, kind: MessageKind = 'event'): Buffer {
  const head = headersOf(type, kind);
  const payload = PRELUDE + head.bytes.length;
  const end = payload + Buffer.byteLength(text);
  const message = Buffer.allocUnsafe(end + TRAILER);
  message.writeUInt32BE(end + TRAILER, 0);
  message.writeUInt32BE(head.bytes.length, 4);
  message.writeUInt32BE(checksum(message, 0, 8), 8);
  message.set(head.bytes, PRELUDE);
  message.write(text, payload);
  const before = head.checksum(checksum(message, 0, PRELUDE));
  message.writeUInt32BE(checksum(message, payload, end, before), end);
  return message;
}

function headersOf(type: string, kind: MessageKind): FixedRun {
  const known = headers[kind];
  let head = known.get(type);
  if (head === undefined) {
    head = new FixedRun(
      Buffer.concat([
        header(`:${kind}-type`, type),
        header(':content-type', 'application/json'),
        header(':message-type', kind),
      ]),
    );
    // Types that a provider made up are not kept: there is no end to them.
    if (known.size < 32) known.set(type, head);
  }
  return head;
}

function header(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const lengths = Buffer.alloc(3);
  lengths.writeUInt8(STRING, 0);
  lengths.writeUInt16BE(valueBytes.length, 1);
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, lengths, valueBytes]);
}
