/** Messages are those of AWS's own codec. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMessage, type MessageKind } from './message.ts';
import { awsMessage, messagesOf } from './wire.test.kit.ts';

const payload = fc.dictionary(
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
);
const kind = fc.constantFrom<MessageKind>('event', 'exception');

test('byte for byte as AWS writes them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), payload, kind, (type, value, one) => {
      expect(encodeMessage(type, value, one)).toEqual(awsMessage({ [type]: value }, one));
    }),
  );
});

test('AWS reads what is written, and finds its checksums right', () => {
  const bytes = Buffer.concat([encodeMessage('metadata', { text: '€ 🎉' }), encodeMessage('x', {}, 'exception')]);
  expect(messagesOf(bytes)).toEqual([
    { kind: 'event', type: 'metadata', payload: { text: '€ 🎉' } },
    { kind: 'exception', type: 'x', payload: {} },
  ]);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  expect(() => messagesOf(bytes)).toThrow(/checksum/);
});
