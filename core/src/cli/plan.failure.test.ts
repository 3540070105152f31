/** Tests of what `gatewright plan` says of failures and of load. */
import { afterAll, expect, test } from 'vitest';
import { ACME, YAML } from './acme.test.kit.ts';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

const folder = folderOf({
  ...ACME,
  'gatewright.yaml': `${YAML}
retries: { rateLimited: 2, timeout: 1 }
load: { concurrency: 100, queue: 20, lag: 200ms, memory: 1gb }
`.replace('small: {', 'small: { attempts: 3, patience: 1500, contextFallbacks: [smart], concurrency: 5, queue: 2,'),
});
afterAll(() => removeFolder(folder));

test('shows retries by reason, places, spare models and load', async () => {
  const { out } = await runIn(folder, ['plan']);
  const lines = out.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
  expect(lines).toContain('100 requests at once, 20 more may wait for 5s; the rest gets 503');
  expect(lines).toContain('503 for all while the event loop is more than 200ms late');
  expect(lines).toContain('3 calls at most for one request, which wait 1500ms at most');
  expect(lines).toContain('what is too long goes to smart');
  const small = lines.find((line) => line.startsWith('small'));
  expect(small).toContain('1, rateLimited 2, timeout 1');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('5 calls at once, 2 more may wait');
});
