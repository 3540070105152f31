/** The local plugin is loaded, masks what goes to the provider in both dialects, and stamps the replies. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExample, type Started } from '../started.test.kit.ts';

const WORDS = 'Write to ada@example.com or bob.b@mail.example.org, please.';
let gateway: Started;
let stopped = false;

beforeAll(async () => {
  gateway = await startExample('one-file-middleware');
});

afterAll(async () => {
  if (!stopped) await gateway.stop();
});

function ask(path: string, more: object): Promise<Response> {
  const messages = [{ role: 'user', content: `${WORDS} [simulate: pace-0]` }];
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo', messages, ...more }),
  });
}

test.each([
  ['/v1/chat/completions', {}],
  ['/v1/messages', { max_tokens: 500 }],
])('what the simulated provider quotes at %s is masked', async (path, more) => {
  const response = await ask(path, more);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('x-masked')).toBe('e-mail');
  expect(text).toContain('“Write to [e-mail] or [e-mail], please.”');
  expect(text).not.toContain('example.com');
});

test('the reply of a stream is stamped too', async () => {
  const response = await ask('/v1/chat/completions', { stream: true });
  expect(response.headers.get('x-masked')).toBe('e-mail');
  expect(await response.text()).not.toContain('@');
});

test('it stops when told', async () => {
  const code = await gateway.stop();
  stopped = true;
  expect(code).toBe(0);
});

test('the README shows the plugin as it is', () => {
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  expect(read('README.md')).toContain(`\n${read('plugins/mask-emails.ts')}\`\`\`\n`);
});
