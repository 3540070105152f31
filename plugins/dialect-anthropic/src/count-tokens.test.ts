/** Token counts: the body of a chat without what is only for the answer. */
import { outlineOf } from '@gatewright/core/wire';
import { expect, test } from 'vitest';
import { countTokensDialect } from './count-tokens.ts';
import { ABSENCE, found, violations } from './spec.test.kit.ts';
import { complete, dropping } from './wire.test.kit.ts';

const { codec } = countTokensDialect;

test('a count needs no limit', () => {
  const body = { model: 'c', system: 'a', messages: [{ role: 'user', content: 'b' }], tools: [] };
  const request = codec.decodeRequest(body, { headers: {} });
  expect(request).not.toHaveProperty('maxOutput');
  expect(codec.encodeRequest(request, complete('c'))).toEqual(body);
});

test('what is wrong in it is named', () => {
  expect(() => codec.decodeRequest({ model: 'c' }, { headers: {} })).toThrow(/^messages: is missing/);
});

test('of a chat of another dialect only the prompt is sent', () => {
  const notes = dropping('c');
  const request = {
    model: 'm',
    stream: true,
    messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'a' }] }],
    maxOutput: 9,
    temperature: 2,
    seed: 1,
    endUser: 'ada',
    reasoning: { effort: 'low' },
  };
  const body = codec.encodeRequest(request, notes);
  expect(body).toEqual({ model: 'c', messages: [{ role: 'user', content: 'a' }], output_config: { effort: 'low' } });
  expect(notes.dropped).toEqual([]);
  if (found) expect(violations('BetaCountMessageTokensParams', body)).toEqual([]);
});

test('the answer is a number', () => {
  expect(codec.decodeResponse({ input_tokens: 14 })).toEqual({ inputTokens: 14 });
  expect(codec.encodeResponse({ inputTokens: 14 }, complete())).toEqual({ input_tokens: 14 });
  expect(() => codec.decodeResponse({ input_tokens: '14' })).toThrow(/input_tokens/);
});

test('it is never streamed, and its model is patched like that of a chat', () => {
  const body = outlineOf(Buffer.from('{"model":"a","stream":true}'));
  expect(codec.readHead(body)).toEqual({ model: 'a', stream: false });
  expect(codec.editRequest(body, { model: 'b', usage: true }).edits).toEqual([{ start: 9, end: 12, text: '"b"' }]);
  expect(codec.editResponse(body, { model: 'b' })).toEqual([]);
  expect(codec.summarize(body)).toEqual({});
});

test.skipIf(!found)(`the answer fits the schema${ABSENCE}`, () => {
  expect(violations('CountMessageTokensResponse', { input_tokens: 14 })).toEqual([]);
});
