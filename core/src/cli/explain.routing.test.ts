/** Tests of what `explain` and `plan` say of a plugin that chooses targets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Explanation } from './explain/explanation.ts';
import type { Plan } from '../plan/description.ts';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

const YAML = `
plugins:
  - use: "@gatewright/dialect-openai"
  - use: "@gatewright/provider-simulated"
  - use: "@gatewright/routing"
    with: { strategy: ordered }
models:
  smart:
    targets:
      - { provider: simulated, model: small, with: { routing: { contextWindow: 100 } } }
      - { provider: simulated, model: far, with: { routing: { region: us } } }
      - { provider: simulated, model: near, with: { routing: { region: eu } } }
    fallbacks: [spare]
    with: { routing: { hedge: { after: 2s } } }
  spare: { targets: [simulated/spare], with: { routing: { strategy: weighted } } }
`;

let folder = '';
beforeAll(() => void (folder = folderOf({ 'gatewright.yaml': YAML })));
afterAll(() => removeFolder(folder));

const plain = (text: string): string[] => text.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));

test('explain shows the order with the reason for each target', async () => {
  const { code, out } = await runIn(folder, ['explain', '--model', 'smart', '--prompt', 'hi']);
  expect(code).toBe(0);
  const lines = plain(out);
  const at = lines.findIndex((line) => line.startsWith('route routing'));
  expect(lines[at]).toMatch(/^route routing [\d.]+ changed hedge$|simulated\/small, simulated\/far/);
  expect(lines.slice(at + 1, at + 6)).toEqual([
    '· strategy ordered; hedged after 2000 ms, 2 at most',
    '· 1. simulated/small (no. 1 in the configuration)',
    '· 2. simulated/far (no. 2 in the configuration)',
    '· 3. simulated/near (no. 3 in the configuration)',
    '· 4. fallback spare: simulated/spare (weight 1)',
  ]);
});

test('and who was left out, by what', async () => {
  const prompt = 'word '.repeat(200);
  const { out } = await runIn(folder, [
    'explain',
    '--model',
    'smart',
    '--prompt',
    prompt,
    '--header',
    'x-gatewright-region: eu',
    '--json',
  ]);
  const { steps, call } = JSON.parse(out) as Explanation;
  const notes = steps.find(({ hook }) => hook === 'route')?.notes ?? [];
  expect(notes[1]).toBe('1. simulated/near (no. 3 in the configuration)');
  // They came in an order by chance.
  expect(new Set(notes.slice(2))).toEqual(
    new Set([
      'left out by region: simulated/small says no region, and this must stay in eu',
      'left out by region: simulated/far is in us, and this must stay in eu',
      'left out by region: simulated/spare says no region, and this must stay in eu',
    ]),
  );
  expect(call).toMatchObject({ target: 'simulated/near', next: [] });
});

test('where none is left, explain shows the refusal and its reasons', async () => {
  const { code, out } = await runIn(folder, ['explain', '--model', 'smart', '--header', 'x-gatewright-region: mars']);
  expect(code).toBe(0);
  expect(out).toContain('refused with HTTP 400, and no target called');
  expect(out).toContain('left out by region: simulated/far is in us, and this must stay in mars');
});

test('plan shows the strategy of each model, and the order where it depends on no request', async () => {
  const lines = plain((await runIn(folder, ['plan'])).out);
  const at = lines.indexOf('routing: strategy ordered; hedged after 2000 ms, 2 at most');
  expect(lines.slice(at + 1, at + 5)).toEqual([
    '1. simulated/small (no. 1 in the configuration)',
    '2. simulated/far (no. 2 in the configuration)',
    '3. simulated/near (no. 3 in the configuration)',
    'checks region, capabilities, context',
  ]);
  expect(lines).toContain('routing: strategy weighted');
  const plan = JSON.parse((await runIn(folder, ['plan', '--json'])).out) as Plan;
  expect(plan.models[0]?.notes?.[0]).toMatchObject({ plugin: 'routing' });
  expect(plan.models[0]?.targets[2]?.with).toEqual({ routing: { region: 'eu' } });
});

test('check tells what is wrong with the options of a target, with its line and column', async () => {
  const other = folderOf({
    'gatewright.yaml': YAML.replace('region: us', 'regoin: us').replace('after: 2s', 'after: soon'),
  });
  const { code, err, out } = await runIn(other, ['check']);
  expect(code).toBe(1);
  expect(out + err).toContain(
    'gatewright.yaml:11:63  models.smart.targets[1].with.routing.regoin  routing: unknown key "regoin"',
  );
  expect(out + err).toContain('did you mean "region"?');
  expect(out + err).toMatch(/gatewright\.yaml:14:\d+ {2}models\.smart\.with\.routing\.hedge.* routing: must be/);
  removeFolder(other);
});
