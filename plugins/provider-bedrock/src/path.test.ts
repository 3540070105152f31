/** A model's name stays one segment of the path, whatever is in it. */
import { expect, test } from 'vitest';
import { callPath } from './path.ts';

test.each([
  ['a version', 'anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku-20240307-v1%3A0'],
  [
    'an ARN',
    'arn:aws:bedrock:us-east-1:1:inference-profile/us.x',
    'arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x',
  ],
  ['a way up', '../../admin', '..%2F..%2Fadmin'],
  ['another host', '//evil.example/x', '%2F%2Fevil.example%2Fx'],
  ['user info', 'x@evil.example', 'x%40evil.example'],
  ['a query', 'x?y=z', 'x%3Fy%3Dz'],
  ['a fragment', 'x#y', 'x%23y'],
  ['an encoded slash', 'x%2Fy', 'x%252Fy'],
  ['encoded dots', '%2e%2e', '%252e%252e'],
  ['a backslash', '..\\x', '..%5Cx'],
  ['a line break', 'x\r\nhost: y', 'x%0D%0Ahost%3A%20y'],
  ['signs that encodeURIComponent leaves', "a!b'c(d)e*f", 'a%21b%27c%28d%29e%2Af'],
  ['three dots', '...', '...'],
  ['letters of other scripts', 'ü', '%C3%BC'],
])('%s', (_what, model, segment) => {
  const path = callPath(model, false);
  expect(path).toBe(`/model/${segment}/converse`);
  // What a URL parser makes of it is the same host and the same path.
  const url = new URL(`https://bedrock.example${path}`);
  expect([url.host, url.pathname, url.search, url.hash]).toEqual(['bedrock.example', path, '', '']);
  expect(decodeURIComponent(path.split('/')[2] as string)).toBe(model);
});

test('a stream has a path of its own', () => {
  expect(callPath('m', true)).toBe('/model/m/converse-stream');
});

test.each(['', '.', '..', '\ud800'])('%j is refused', (model) => {
  expect(() => callPath(model, false)).toThrow(
    expect.objectContaining({
      code: 'GW_BAD_REQUEST',
      details: expect.objectContaining({ param: 'model' }) as unknown,
    }),
  );
});
