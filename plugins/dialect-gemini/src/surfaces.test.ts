/** Paths lead to the dialect, the model and the kind of stream that they name. */
import { expect, test } from 'vitest';
import { surfaces } from './surfaces.ts';

test('models, publishers and projects have surfaces of every kind', () => {
  const paths = surfaces.map(({ path }) => path.replaceAll('\\:', ':'));
  for (const place of [
    '/v1/models/*model',
    '/v1beta/models/*model',
    '/v1beta1/models/*model',
    '/v1/publishers/:publisher/models/*model',
    '/v1beta1/publishers/:publisher/models/*model',
    '/v1/projects/:project/locations/:location/publishers/:publisher/models/*model',
    '/v1beta1/projects/:project/locations/:location/publishers/:publisher/models/*model',
  ]) {
    for (const method of [
      'generateContent',
      'streamGenerateContent',
      'countTokens',
      'embedContent',
      'batchEmbedContents',
    ]) {
      expect(paths).toContain(`${place}:${method}`);
    }
  }
  for (const surface of surfaces) expect(surface).toMatchObject({ credentialHeaders: ['x-goog-api-key'] });
});

test('alt=sse asks for events, without it a stream is an array', () => {
  const streams = surfaces.filter(({ path }) => path === '/v1beta/models/*model\\:streamGenerateContent');
  expect(streams.map(({ dialect, when }) => [dialect, when?.({}, new URLSearchParams('alt=sse'))])).toEqual([
    ['gemini-generate', true],
    ['gemini-generate-array', undefined],
  ]);
  expect(streams[0]?.when?.({}, new URLSearchParams('alt=json'))).toBe(false);
  for (const { head } of streams)
    expect(head?.({ model: 'm' }, new URLSearchParams())).toEqual({ model: 'm', stream: true });
});

test('the model is that of the path; of another publisher than Google it has its name', () => {
  const query = new URLSearchParams();
  const head = (path: string) => surfaces.find((surface) => surface.path === path)?.head;
  expect(head('/v1/models/*model\\:generateContent')?.({ model: 'a/b' }, query)).toEqual({
    model: 'a/b',
    stream: false,
  });
  const published = head('/v1/publishers/:publisher/models/*model\\:countTokens');
  expect(published?.({ publisher: 'google', model: 'm' }, query)).toEqual({ model: 'm', stream: false });
  expect(published?.({ publisher: 'acme', model: 'm' }, query)).toEqual({ model: 'acme/m', stream: false });
});

test('model lists share their paths with other APIs, and are told apart by where the key is', () => {
  const lists = surfaces.filter(({ method }) => method === 'GET');
  expect(lists.map(({ path }) => path)).toEqual([
    '/v1/models',
    '/v1/models/:model',
    '/v1beta/models',
    '/v1beta/models/:model',
  ]);
  for (const { when } of lists) {
    expect(when?.({ 'x-goog-api-key': 'k' }, new URLSearchParams())).toBe(true);
    expect(when?.({}, new URLSearchParams('key=k'))).toBe(true);
    expect(when?.({ authorization: 'Bearer k' }, new URLSearchParams('pageSize=3'))).toBe(false);
  }
  expect(lists[1]?.request?.({ model: 'm' }, new URLSearchParams())).toEqual({ id: 'm' });
});
