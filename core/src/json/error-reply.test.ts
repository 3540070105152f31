/** Whatever a provider answers with, the error says what it was. */
import { expect, test } from 'vitest';
import { isObject } from './reading.ts';
import { errorReply } from './error-reply.ts';

const read = (value: unknown) => (isObject(value) ? { status: 429, message: String(value['said']) } : undefined);

test.each<[string, string, object]>([
  ['an error of the dialect', ' {"said":"Slow."} ', { status: 429, message: 'Slow.' }],
  ['nothing', '  ', { status: 502, message: 'The provider answered with status 502 and said nothing.' }],
  [
    'a page with a title',
    '<!DOCTYPE html><title>Bad\n Gateway</title><p>x',
    { status: 502, message: 'The provider answered with status 502 and an HTML page: Bad Gateway' },
  ],
  ['a page without one', '<html>', { status: 502, message: 'The provider answered with status 502 and an HTML page' }],
  [
    'other JSON',
    '[1]',
    { status: 502, message: 'The provider answered with status 502 and no error that the dialect knows: [1]' },
  ],
])('%s', (_what, body, error) => {
  expect(errorReply(502, Buffer.from(body), read)).toEqual(error);
});

test('of a long text only its beginning is shown', () => {
  expect(errorReply(500, Buffer.from('x '.repeat(5000)), read).message.length).toBeLessThan(300);
});
