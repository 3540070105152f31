/** What a preset fills in, and what of the options wins over it. */
import { describe, expect, test } from 'vitest';
import { options } from './options.ts';
import { presetOf } from './presets/table.ts';
import { settingsOf } from './settings.ts';

const settings = (given: Record<string, unknown>) => settingsOf(options.parse(given));

describe('without a preset', () => {
  test('what is not said is as the dialect has it', () => {
    expect(settings({ baseUrl: 'http://127.0.0.1:8000/v1', apiKey: 'k-1' })).toEqual({
      baseUrl: 'http://127.0.0.1:8000/v1',
      headers: { authorization: 'Bearer k-1' },
      chatPath: '/chat/completions',
      query: '',
      operations: ['chat', 'embeddings', 'moderation', 'images', 'speech', 'transcription'],
      quirks: {},
    });
  });
});

describe('a preset', () => {
  test('fills in address and quirks', () => {
    const { baseUrl, headers, quirks } = settings({ preset: 'mistral', apiKey: 'k-1' });
    expect([baseUrl, headers]).toEqual(['https://api.mistral.ai/v1', { authorization: 'Bearer k-1' }]);
    expect(quirks).toMatchObject({ maxTokensField: 'max_tokens', renameFields: { seed: 'random_seed' } });
  });

  test('fills in an unusual header', () => {
    const own = settings({ preset: 'sarvam', apiKey: 'k-1' });
    expect(own.headers).toEqual({ 'api-subscription-key': 'k-1' });
    const other = settings({ preset: 'sarvam', apiKey: 'k-1', authHeader: 'Authorization', authScheme: 'Bearer' });
    expect(other.headers).toEqual({ authorization: 'Bearer k-1' });
  });

  test('loses against what is said, also where that is false or empty', () => {
    const quirks = { streamUsage: true, renameFields: {}, dropFields: ['user'] };
    const operations = ['completions'];
    const given = {
      preset: 'mistral',
      operations,
      baseUrl: 'http://127.0.0.1:1/x',
      chatPath: '/c',
      query: { v: '1' },
      quirks,
    };
    expect(settings(given)).toEqual({
      baseUrl: 'http://127.0.0.1:1/x',
      headers: {},
      chatPath: '/c',
      query: '?v=1',
      operations,
      quirks: { maxTokensField: 'max_tokens', developerRole: 'system', ...quirks },
    });
  });
});

test('a preset serves what it declares', () => {
  expect(settings({ preset: 'cerebras', apiKey: 'k-1' }).operations).toEqual(presetOf('cerebras')?.operations);
});

test('options that were not checked are refused', () => {
  expect(() => settingsOf({ headers: {}, query: {} })).toThrow(TypeError);
});
