/** The presets as data: whole, consistent, and taken by the options they stand for. */
import { describe, expect, test } from 'vitest';
import { options } from '../options.ts';
import { quirks } from '../quirks.ts';
import { PRESETS, presetOf, unknownPreset } from './table.ts';

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+\//;

test('there are many, each once, sorted', () => {
  const ids = PRESETS.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(60);
  expect(ids).toEqual([...new Set(ids)].toSorted());
});

describe.each(PRESETS)('$id', (preset) => {
  test('has an id that reads well in YAML', () => {
    expect(preset.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(presetOf(preset.id)).toBe(preset);
  });

  test('has a plain address, encrypted unless it is this machine', () => {
    const { protocol, search, hash, username } = new URL(preset.baseUrl);
    expect([search, hash, username]).toEqual(['', '', '']);
    expect(preset.baseUrl).not.toMatch(/\/$/);
    expect(protocol).toBe(LOOPBACK.test(preset.baseUrl) ? 'http:' : 'https:');
  });

  test('says where and when its facts were read', () => {
    expect(preset.sources.length).toBeGreaterThan(0);
    for (const url of [...preset.sources, ...(preset.docs === undefined ? [] : [preset.docs])]) {
      expect(new URL(url).protocol).toBe('https:');
    }
    expect(new Date(`${preset.checked}T00:00:00Z`).toISOString().slice(0, 10)).toBe(preset.checked);
  });

  test('is taken by the options, with a key where it wants one', () => {
    const { keyVariable } = preset;
    if (keyVariable !== undefined) expect(keyVariable).toMatch(/^[A-Z0-9][A-Z0-9_]*$/);
    expect(quirks.parse(preset.quirks ?? {})).toEqual(preset.quirks ?? {});
    expect(options.safeParse({ preset: preset.id, apiKey: 'k' }).error).toBeUndefined();
    const bare = options.safeParse({ preset: preset.id }).error?.issues[0];
    if (keyVariable === undefined) expect(bare).toBeUndefined();
    else expect([bare?.path, bare?.message]).toEqual([['apiKey'], expect.stringContaining(`\${env:${keyVariable}}`)]);
  });
});

describe('an id that is none', () => {
  test.each([
    ['groqq', 'groq'],
    ['Mistral', 'mistral'],
    ['openruoter', 'openrouter'],
    ['together-ai', 'together'],
    ['deep-seek', 'deepseek'],
  ])('%s was probably meant to be %s', (wrong, right) => {
    expect(unknownPreset(wrong)).toBe(`is no preset: did you mean "${right}"?`);
  });

  test('like no other is looked up in the README', () => {
    expect(unknownPreset('completely-different')).toMatch(/^is no preset: the README lists all \d+$/);
  });
});
