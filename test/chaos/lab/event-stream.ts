/** Half of an answer in Bedrock's binary messages, and the two ways in which its provider then reports an error. */
import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function message(headers: Readonly<Record<string, string>>, payload: object | undefined): Buffer {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }] as const);
  const body = Buffer.from(payload === undefined ? '' : JSON.stringify(payload));
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body }));
}

const event = (type: string, payload: object): Buffer =>
  message({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);

const BEGUN = [
  event('messageStart', { role: 'assistant' }),
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'One, two, ' } }),
];

/** What the service declares: a member of the stream. */
export const EXCEPTION = [
  ...BEGUN,
  message(
    {
      ':exception-type': 'modelStreamErrorException',
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    { message: 'The model was too slow.', originalStatusCode: 424 },
  ),
];

/** What it does not declare: all is said in headers (https://smithy.io/2.0/aws/amazon-eventstream.html). */
export const UNDECLARED = [
  ...BEGUN,
  message(
    { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'The stream was lost.' },
    undefined,
  ),
];

/** A message whose checksum is not that of its bytes. */
export const SPOILED = [...BEGUN, spoiled(event('contentBlockStop', { contentBlockIndex: 0 }))];

function spoiled(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const last = copy.length - 1;
  copy[last] = (copy[last] as number) ^ 0xff;
  return copy;
}
