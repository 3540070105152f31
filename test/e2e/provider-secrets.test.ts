/** No provider's credential comes back to a client or into a record, however much of it the provider repeats. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyProvider, PROVIDERS } from './every-provider.ts';
import { post, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream, type Received } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await everyProvider(upstream.url);
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const CARRIERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'];

/** The credentials in a request, without the scheme before them. */
const credentialsIn = ({ headers }: Received): string[] =>
  CARRIERS.map((name) => headers[name])
    .filter((value) => typeof value === 'string')
    .map((value) => value.replace(/^Bearer /, ''));

/** An error in every dialect's form at once. */
const complaint = (said: string) => ({
  type: 'error',
  message: said,
  detail: said,
  error: { message: said, type: said, code: said, status: said, details: [{ reason: said }] },
});

describe.each(PROVIDERS)('$id', ({ id }) => {
  test.each([401, 500])('that repeats its credential with status %i is not quoted', async (status) => {
    let sent: string[] = [];
    upstream.answer((request) => {
      sent = credentialsIn(request);
      return { status, headers: JSON_BODY, chunks: [JSON.stringify(complaint(`You sent ${sent.join()}.`))] };
    });
    const asked = { model: `${id}/model`, max_tokens: 9, messages: [{ role: 'user', content: 'Hello!' }] };
    const said: string[] = [];
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const response = await post(gateway.url + path, asked);
      said.push(await response.text(), JSON.stringify([...response.headers]));
      expect(response.status).toBe(status);
    }
    const wanted = id === 'ollama' || id === 'compatible' ? 0 : 1;
    expect(sent).toHaveLength(wanted);
    const records = JSON.stringify(gateway.records.slice(-2), (_key, value: unknown) =>
      typeof value === 'bigint' ? '' : value,
    );
    for (const credential of sent) {
      expect(said.join('\n')).not.toContain(credential);
      expect(records).not.toContain(credential);
    }
    expect(said.join('\n')).toContain('You sent');
  });
});
