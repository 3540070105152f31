/** What another provider signed comes back as it was, and a provider's own is left alone. */
import { expect, test } from 'vitest';
import { decodeRequest } from './wire.test.kit.ts';
import { seal, unseal } from './sealed-reasoning.ts';

test.each([{ origin: 'acme', signature: 'c2ln' }, { origin: 'acme', redacted: 'c2VjcmV0' }, { origin: 'äcme' }])(
  '%j',
  (kept) => {
    expect(unseal(seal({ type: 'reasoning', text: 'Hm.', ...kept }))).toEqual(kept);
  },
);

test.each([
  'gAAAAABp',
  '',
  'gatewright.',
  'gatewright.bm9uc2Vuc2U',
  `gatewright.${Buffer.from('{"origin":1}').toString('base64url')}`,
])('%j is nobody’s seal', (text) => {
  expect(unseal(text)).toBeUndefined();
});

test('a client that leaves the seal out sends thoughts that nobody can vouch for', () => {
  const item = { type: 'reasoning', id: 'rs_gw_1_0', summary: [{ type: 'summary_text', text: 'Hm.' }] };
  const [message] = decodeRequest({ model: 'm', input: [item] }).messages;
  expect(message?.parts[0]).toMatchObject({ type: 'reasoning', text: 'Hm.', origin: 'another dialect' });
});
