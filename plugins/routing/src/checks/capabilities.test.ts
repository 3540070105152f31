/** What targets can do, beside what chats ask for. */
import { expect, test } from 'vitest';
import { asked, chat, targets, verdicts } from '../rig.test.kit.ts';
import { CapabilityCheck, type Capability } from './capabilities.ts';

const ABLE: Readonly<Record<string, readonly Capability[]>> = { 'p/1': [], 'p/2': ['tools', 'images'] };
const check = new CapabilityCheck(({ id }) => ABLE[id]);
const source = { kind: 'url', url: 'https://example.com/x' };

test.each<[string, object, readonly (string | undefined)[] | undefined]>([
  ['text', chat('hi'), undefined],
  ['tools', { tools: [{ kind: 'function', name: 'a' }] }, ['cannot do tools', undefined]],
  ['an image', chat('hi', { type: 'image', source }), ['cannot do images', undefined]],
  ['a document', chat('hi', { type: 'document', source }), ['cannot do documents', 'cannot do documents']],
  ['sound', chat('hi', { type: 'audio', source }), ['cannot do audio', 'cannot do audio']],
  [
    'an image in the result of a tool',
    { messages: [{ role: 'tool', parts: [{ type: 'tool-result', id: '1', parts: [{ type: 'image', source }] }] }] },
    ['cannot do images', undefined],
  ],
  [
    'JSON by a schema, with tools',
    { tools: [{ kind: 'function', name: 'a' }], responseFormat: { kind: 'schema', schema: {} } },
    ['cannot do tools, structured-output', 'cannot do structured-output'],
  ],
  ['plain text as the format', { responseFormat: { kind: 'text' } }, undefined],
])('%s', (_what, request, first) => {
  expect(verdicts(check, { request })?.slice(0, 2)).toEqual(first);
  expect(verdicts(check, { request })?.slice(2) ?? [undefined, undefined]).toEqual([undefined, undefined]);
});

test('where no target lists any, the request is not read', () => {
  const request = (): never => {
    throw new Error('It was read.');
  };
  expect(new CapabilityCheck(() => undefined).look(targets(4), { ...asked(), request })).toBeUndefined();
});

test('other operations, and what cannot be read, are left to others', () => {
  expect(verdicts(check, { operation: 'embeddings', request: chat('hi', { type: 'image', source }) })).toBeUndefined();
  expect(verdicts(check, {})).toBeUndefined();
});
