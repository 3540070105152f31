/** Plugins that are broken, each in one way, and what must be said of it. */

export interface Fault {
  /** The package is `@acme/<name>`, version 1.0.0. */
  readonly name: string;
  readonly what: string;
  /** The plugin's own program. */
  readonly source: string;
  /** What stands in the entry besides `use`. */
  readonly entry?: string;
  /** The words of `gatewright add`, where that must refuse it; its `--set` in front of anything else. */
  readonly add?: readonly string[];
  /** What must be said, by `add` where it refuses, and by the gateway that is told to reload. */
  readonly said: readonly RegExp[];
  /** `gatewright add` alone can tell: a configuration that was written by hand is another matter. */
  readonly onlyAdd?: boolean;
  /** A key of plugin entries without which the case cannot be tried. */
  readonly needs?: string;
  /** What the core may not check yet: where it takes the plugin, the step is left open and not failed. */
  readonly awaited?: string;
}

const HEAD = "import { definePlugin } from '@gatewright/core';\nimport { z } from 'zod';\n";

interface Parts {
  readonly engine?: string;
  readonly options?: string;
  readonly more?: string;
  readonly setup?: string;
}

function source(name: string, { engine = '^1', options = '', more = '', setup = '' }: Parts): string {
  const parts = [
    `name: '@acme/${name}', version: '1.0.0', engine: '${engine}'`,
    `options: z.strictObject({ ${options} })`,
  ];
  return `${HEAD}export default definePlugin({ ${parts.join(', ')}, ${more} setup({ hooks }) { ${setup} } });\n`;
}

/** Where it stands, as every problem of a configuration says it. */
const PLACE = /gatewright\.yaml:\d+:\d+/;

const named = (name: string): RegExp => new RegExp(`@acme/${name} 1\\.0\\.0`);

export const FAULTS: readonly Fault[] = [
  {
    name: 'wrong-engine',
    what: 'the wrong engine range',
    source: source('wrong-engine', { engine: '^9' }),
    add: [],
    said: [named('wrong-engine'), /was written for engine "\^9"/, /help:.* install a version of @acme\/wrong-engine/],
  },
  {
    name: 'bad-option',
    what: 'a bad option',
    source: source('bad-option', { options: "limit: z.int().describe('How many.')" }),
    entry: ', with: { limit: many }',
    add: ['--set', 'limit=many'],
    said: [named('bad-option'), /plugins\[\d+\]\.with\.limit/, /must be a (?:whole )?number/, /help: How many\./],
  },
  {
    name: 'no-default',
    what: 'no default export',
    source: `${HEAD}export const plugin = 1;\n`,
    add: [],
    said: [named('no-default'), /has no default export/, /help:.*export default definePlugin/],
  },
  {
    name: 'throws',
    what: 'throws in its setup',
    source: source('throws', { setup: "throw new Error('the vault is sealed');" }),
    said: [named('throws'), /failed in its setup: the vault is sealed/, /help: /],
  },
  {
    name: 'claims',
    what: 'claims a capability that it lacks',
    source: source('claims', {
      more: "supports: { operations: ['chat', 'embeddings'], streaming: true },",
      setup:
        "hooks.call.tap(() => Promise.reject(new Error('no')), { operations: { chat: { dialect: 'openai-chat' } } });",
    }),
    said: [named('claims'), /embeddings/],
  },
  {
    name: 'odd-options',
    what: 'options that cannot be converted',
    source: source('odd-options', { options: "since: z.date().describe('Since when.')" }),
    add: ['--set', 'since=2026-01-01'],
    said: [named('odd-options'), /option "since" cannot be written in a configuration file/, /help: tell the author/],
    onlyAdd: true,
  },
  {
    name: 'blocks',
    what: 'blocks the event loop, isolated',
    source: source('blocks', { setup: 'hooks.auth.tap(() => { for (;;); });' }),
    entry: ', isolate: true',
    said: [named('blocks')],
    needs: 'isolate',
  },
];

/** What the gateway must say besides. */
export const wordsOf = ({ said }: Fault): readonly RegExp[] => [...said, PLACE];
