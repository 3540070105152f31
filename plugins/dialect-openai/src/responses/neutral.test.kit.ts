/** Generated neutral answers that this dialect can express, as others have them. */
import { NO_USAGE, type Candidate, type ChatResponse, type Part } from '@gatewright/core';
import fc from 'fast-check';

const word = fc.string({ minLength: 1, maxLength: 8 });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });

const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool-call' as const),
  id: word,
  name: word,
  arguments: fc.json({ maxDepth: 2 }),
});
const said: fc.Arbitrary<Part> = fc.oneof(
  text.map((one): Part => ({ type: 'text', text: one })),
  text.map((one): Part => ({ type: 'refusal', text: one })),
);
const thought: fc.Arbitrary<Part> = fc.oneof(
  text.map((one): Part => ({ type: 'reasoning', text: one, origin: 'acme-chat' })),
  fc
    .tuple(text, word)
    .map(([one, signature]): Part => ({ type: 'reasoning', text: one, signature, origin: 'acme-chat' })),
  word.map((redacted): Part => ({ type: 'reasoning', text: '', redacted, origin: 'acme-chat' })),
);

const candidate: fc.Arbitrary<Candidate> = fc
  .tuple(fc.array(fc.oneof(said, thought, call), { maxLength: 5 }), fc.constantFrom('stop', 'length', 'content-filter'))
  .map(([parts, reason]) => {
    const calls = reason === 'stop' && parts.some(({ type }) => type === 'tool-call');
    return { index: 0, parts, stop: { reason: calls ? 'tool-calls' : reason } };
  });

const counts = fc.record({
  input: fc.nat(),
  output: fc.nat(),
  cacheRead: fc.nat(),
  cacheWrite5m: fc.nat(),
  reasoning: fc.nat(),
});

export const response: fc.Arbitrary<ChatResponse> = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{1,12}$/),
  model: fc.constant('m'),
  created: fc.nat(),
  candidates: candidate.map((one) => [one]),
  usage: counts.map((some) => Object.assign({}, NO_USAGE, some)),
});
