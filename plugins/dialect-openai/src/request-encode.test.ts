/** Requests of this dialect that a plugin has changed: what was changed is written anew, the rest as it was. */
import { expect, test } from 'vitest';
import { text } from './foreign.test.kit.ts';
import { ask, codec, decodeRequest, refusing } from './wire.test.kit.ts';

const body = {
  ...ask({ role: 'user', content: [{ type: 'text', text: 'my secret' }], more: 1 }),
  max_tokens: 100,
  temperature: null,
  n: 1,
  stream: true,
  stream_options: { include_usage: false, include_obfuscation: false },
  user: 'u'.repeat(100),
};
const own = decodeRequest(body);

test('a masked text', () => {
  const masked = { ...own, messages: own.messages.map((message) => ({ ...message, parts: [text('[masked]')] })) };
  expect(codec.encodeRequest({ ...masked, temperature: 1 }, refusing)).toEqual({
    ...body,
    temperature: 1,
    messages: [{ role: 'user', content: '[masked]', more: 1 }],
  });
  expect(JSON.stringify(codec.encodeRequest(masked, refusing))).not.toContain('secret');
});

test('a lower limit is written into the field that the client used', () => {
  expect(codec.encodeRequest({ ...own, maxOutput: 50 }, refusing)).toEqual({ ...body, max_tokens: 50 });
  const both = decodeRequest({ ...body, max_completion_tokens: 200 });
  expect(codec.encodeRequest({ ...both, maxOutput: 50 }, refusing)).toMatchObject({
    max_tokens: 50,
    max_completion_tokens: 50,
  });
});

test('usage that the gateway wants is asked for beside the client’s own options', () => {
  expect(codec.encodeRequest({ ...own, streamUsage: true }, refusing)).toEqual({
    ...body,
    stream_options: { include_usage: true, include_obfuscation: false },
  });
});

test('reasoning that was changed leaves nothing of the old', () => {
  const history = decodeRequest(ask({ role: 'assistant', content: 'a', reasoning: 'secret' }));
  const changed = history.messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => (part.type === 'reasoning' ? { ...part, text: 'masked' } : part)),
  }));
  expect(codec.encodeRequest({ ...history, messages: changed }, refusing)).toEqual(
    ask({ role: 'assistant', content: 'a', reasoning: 'masked' }),
  );
});
