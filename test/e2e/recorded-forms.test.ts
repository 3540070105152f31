/** Forms as they were recorded between OpenAI's SDKs, of several years, and its API: part by part the same behind the gateway. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partsOf } from './form-upstream.ts';
import { startGateway, type TestGateway } from './gateways.ts';
import { RECORDINGS, RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { JSON_BODY, Upstream, type Received } from './upstream.ts';

interface Recorded {
  readonly request: { readonly url: string; readonly body: string };
  readonly response: { readonly status: { readonly code: number }; readonly body: string };
}

const FOLDER = join(RECORDINGS, 'dd-trace-js', 'openai');
const names = recordingsThere
  ? readdirSync(FOLDER).filter((name) => /_(?:audio_trans|images_edits|images_var)/.test(name))
  : [];

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  const models = { '*': { targets: [{ provider: 'openai', model: '*-behind' }] } };
  gateway = await startGateway({ upstream: upstream.url, config: { models } });
});

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

describe.skipIf(!recordingsThere)(`a recorded form${RECORDINGS_ABSENCE}`, () => {
  test.each(names)('%s', async (name) => {
    const { request, response } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;
    const body = Buffer.from(request.body.replace(/^base64:/, ''), 'base64');
    const boundary = body.toString('latin1', 2, body.indexOf('\r\n'));
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    upstream.answer({ headers: JSON_BODY, chunks: [response.body] });
    const { pathname } = new URL(request.url);
    const reply = await fetch(gateway.url + pathname, { method: 'POST', body, headers });
    expect([reply.status, await reply.text()]).toEqual([200, response.body]);

    const [received] = upstream.received as [Received];
    expect(received.path).toBe(pathname);
    const sent = await partsOf({ ...received, body, headers });
    const named = sent.some((part) => part.name === 'model');
    const renamed = sent.map((part) =>
      part.name === 'model' ? { ...part, value: `${part.value as string}-behind` } : part,
    );
    const parts = await partsOf(received);
    expect(parts.filter((part) => named || part.name !== 'model')).toEqual(renamed);
    expect(sent.some(({ value }) => typeof value !== 'string' && value.bytes.length > 1_000)).toBe(true);
  });
});
