/** The simulated provider keeps the contract of a plugin. */
import { readFileSync } from 'node:fs';
import type { ProviderOptions, SetupContext } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';
import { ManualClock } from './rig.test.kit.ts';

async function registered(options: unknown): Promise<ProviderOptions[]> {
  const taps: ProviderOptions[] = [];
  const hooks = { call: { tap: (_call: unknown, options: ProviderOptions) => taps.push(options) } };
  const context = { hooks, clock: new ManualClock() } as unknown as SetupContext;
  await plugin.setup(context, plugin.options.parse(options));
  return taps;
}

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect([plugin.name, plugin.version]).toEqual([pkg.name, pkg.version]);
});

test('options are strict, and every one is described', () => {
  expect(() => plugin.options.parse({ fault: [] })).toThrow(/fault/);
  for (const [name, field] of Object.entries(plugin.options.shape)) {
    expect((field as { description?: string }).description, name).toMatch(/\.$/);
  }
});

test.each(['openai-chat', 'anthropic-messages'])(
  'it serves chat in %s, and the other operations in their one dialect',
  async (dialect) => {
    expect(await registered({ dialect })).toEqual([
      {
        operations: {
          chat: { dialect },
          'count-tokens': { dialect: 'anthropic-count-tokens' },
          completions: { dialect: 'openai-completions' },
          embeddings: { dialect: 'openai-embeddings' },
          moderation: { dialect: 'openai-moderation' },
          images: { dialect: 'openai-images' },
          'image-edit': { dialect: 'openai-image-edits' },
          'image-variation': { dialect: 'openai-image-variations' },
          speech: { dialect: 'openai-speech' },
          transcription: { dialect: 'openai-transcriptions' },
          translation: { dialect: 'openai-translations' },
          rerank: { dialect: 'cohere-rerank' },
        },
      },
    ]);
  },
);

test.each([
  ['a fault that nobody knows', { faults: ['error-42'] }, /no fault .*error-42.*error-NNN/],
  ['a dialect that it cannot speak', { dialect: 'gemini-generate' }, /dialect/],
  ['a pace below nothing', { tokensPerSecond: -1 }, /tokensPerSecond/],
])('refused at boot: %s', (_what, options, message) => {
  expect(() => plugin.options.parse(options)).toThrow(message);
});
