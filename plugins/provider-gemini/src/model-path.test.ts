/** A model's name stands in the path, and can change nothing else of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelPath } from './model-path.ts';

test('names of models, tuned models and names with their prefix', () => {
  expect(modelPath('v1beta', 'gemini-2.5-flash', 'generateContent')).toBe(
    '/v1beta/models/gemini-2.5-flash:generateContent',
  );
  expect(modelPath('v1', 'models/gemini-3-pro', 'countTokens')).toBe('/v1/models/gemini-3-pro:countTokens');
  expect(modelPath('v1beta', 'tunedModels/my_model', 'generateContent')).toBe(
    '/v1beta/tunedModels/my_model:generateContent',
  );
});

const NAMES = [
  'a/b',
  '/a',
  'a/',
  'models/a/b',
  'files/a',
  'a?key=x',
  'a#b',
  'user@host',
  'a..b',
  '..',
  '../v1/files',
  './a',
  'a%2fb',
  'a%2e%2e',
  'a:countTokens',
  'a b',
  'a\r\nx: y',
  'a\\b',
  '',
  'models/',
  '//evil.example/a',
  'ä',
];

describe('what is no name is refused', () => {
  test.each(NAMES)('%j', (model) => {
    expect(() => modelPath('v1beta', model, 'generateContent')).toThrow(
      expect.objectContaining({
        code: 'GW_BAD_REQUEST',
        message: `${JSON.stringify(model)} is no name of a Gemini model.`,
      }),
    );
  });
});

test('no name leads to another host, path or query', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.stringMatching(/^[a-c./:%?#@-]{1,12}$/)), (model) => {
      let path: string;
      try {
        path = modelPath('v1beta', model, 'generateContent');
      } catch {
        return;
      }
      const url = new URL(path, 'https://generativelanguage.googleapis.com');
      expect(url.href).toBe(`https://generativelanguage.googleapis.com${path}`);
      expect(url.pathname).toMatch(/^\/v1beta\/(models|tunedModels)\/[\w.-]+:generateContent$/);
    }),
  );
});
