/** Tests of the table of vendors: how it is written, and that the one in the README is up to date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS, type Preset } from '@gatewright/provider-openai-compatible';
import { expect, test } from 'vitest';
import { ROOT } from '../house/tree.ts';
import { PRESETS_PAGE, presetsTable, withPresetsTable } from './presets-table.ts';

const plain: Preset = {
  id: 'acme',
  name: 'Acme',
  baseUrl: 'https://api.acme.example/v1',
  operations: ['chat'],
  sources: ['https://acme.example/docs'],
  checked: '2026-11-22',
  verified: 'documentation',
};
const odd: Preset = {
  ...plain,
  id: 'odd',
  operations: ['chat', 'embeddings'],
  name: 'Odd | Co',
  keyVariable: 'ODD_KEY',
  authHeader: 'x-key',
  authScheme: '',
  quirks: { streamUsage: false, dropFields: ['user', 'n'], renameFields: { seed: 'random_seed' } },
  docs: 'https://odd.example',
  sources: ['https://odd.example/a', 'https://odd.example/b'],
  verified: 'recording',
};

test('a row has the facts, and what differs as the options would say it', () => {
  const [, , first, second] = presetsTable([plain, odd]).split('\n');
  expect(first).toBe(
    '| `acme` | Acme | `https://api.acme.example/v1` |  | chat |  | documentation | 2026-11-22 | [1](https://acme.example/docs) |',
  );
  expect(second).toBe(
    '| `odd` | [Odd \\| Co](https://odd.example) | `https://api.acme.example/v1` | `ODD_KEY` | chat, embeddings | ' +
      '`authHeader: x-key`; `authScheme: ""`; `streamUsage: false`; `dropFields: [user, n]`; ' +
      '`renameFields: { seed: random_seed }` | recording | 2026-11-22 | ' +
      '[1](https://odd.example/a) [2](https://odd.example/b) |',
  );
});

test('a README without its marks is refused', () => {
  expect(() => withPresetsTable('## Presets\n', [])).toThrow('has no <!-- presets -->');
});

test('the README lists what the presets say', () => {
  const readme = readFileSync(join(ROOT, PRESETS_PAGE), 'utf8');
  expect(withPresetsTable(readme, PRESETS) === readme, 'run `npm run docs`').toBe(true);
});
