/** Azure's recorded answers, with all that it adds to them, through a gateway to clients of both dialects. */
import type { Plugin } from '@gatewright/core';
import azure from '@gatewright/provider-azure-openai';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type Recording } from './recordings.ts';
import { answerOf, ask, recorded } from './replay.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

const KEY = '84aQ7xLw9Zr4TbVn8KsYp0cJ';
const TOKEN = 'eyJhbGciOi.eyJhdWQiOiJ.c2lnbmF0dXJl';
const OWN = /azure/;

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  const dated = { endpoint: upstream.url, api: 'deployments', apiVersion: '2024-10-21', token: TOKEN };
  gateway = await startGateway({
    upstream: upstream.url,
    config: {
      plugins: [
        { use: azure as Plugin, with: { endpoint: `${upstream.url}/`, apiKey: KEY } },
        { use: azure as Plugin, id: 'azure-dated', with: dated },
        { use: azure as Plugin, id: 'azure-preview', with: { ...dated, apiVersion: '2025-04-01-preview' } },
      ],
      models: {
        new: { targets: [{ provider: 'azure-openai', model: 'gpt-5-deployment' }] },
        old: { targets: [{ provider: 'azure-dated', model: 'gpt-4.1' }] },
        kept: { targets: [{ provider: 'azure-preview', model: 'gpt-5-deployment' }] },
        bad: { targets: [{ provider: 'azure-dated', model: '../v1' }] },
      },
    },
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

describe.skipIf(!recordingsThere)(`recorded answers of Azure${RECORDINGS_ABSENCE}`, () => {
  const own = readRecordings().filter(({ name, dialect }) => dialect === 'openai-chat' && OWN.test(name));

  test('are there: whole, streamed, filtered before the first choice, and refused', () => {
    const texts = own.map(({ body }) => body.toString());
    expect(own.some(({ stream }) => !stream)).toBe(true);
    expect(texts.some((text) => /^data: \{"choices":\[\][^\n]*prompt_filter_results/.test(text))).toBe(true);
    expect(own.some(({ status }) => status === 401)).toBe(true);
  });

  test.each(own.map((one) => [one.name, one] as const))('%s reaches the OpenAI client as it is', async (_name, one) => {
    upstream.answer(answerOf(one));
    const answer = await ask(client, 'new', one).catch((error: unknown) => error);
    if (one.status === 200) expect(answer).toEqual(recorded(one));
    else expect(answer).toMatchObject({ status: one.status, message: expect.stringContaining(messageOf(one)) });
    expect(answer instanceof APIError).toBe(one.status !== 200);
  });

  test.each(own.filter(({ status }) => status === 200).map((one) => [one.name, one] as const))(
    '%s is understood: the Anthropic client gets its text and its end',
    async (_name, one) => {
      upstream.answer(answerOf(one));
      const messages = [{ role: 'user', content: 'Hello!' }];
      const response = await post(`${gateway.url}/v1/messages`, {
        model: 'new',
        max_tokens: 99,
        stream: one.stream,
        messages,
      });
      const body = await response.text();
      expect(response.status).toBe(200);
      expect(textIn(body, one.stream)).toBe(textOf(one));
      expect(body).toMatch(/"stop_reason":"(end_turn|tool_use|max_tokens|refusal)"/);
    },
  );
});

/** The message of a recorded error. */
function messageOf({ body }: Recording): string {
  return (JSON.parse(body.toString()) as { error: { message: string } }).error.message;
}

interface Choice {
  readonly delta?: { readonly content?: string | null };
  readonly message?: { readonly content?: string | null };
}

/** The text that the recording says, read without the gateway. */
function textOf(one: Recording): string {
  const events = [recorded(one)].flat() as { choices?: Choice[] }[];
  const choices = events.flatMap(({ choices = [] }) => choices);
  return choices.map(({ delta, message }) => delta?.content ?? message?.content ?? '').join('');
}

/** The text of an answer in Anthropic's dialect. */
function textIn(body: string, stream: boolean): string {
  if (!stream) {
    const { content } = JSON.parse(body) as { content: { text?: string }[] };
    return content.map(({ text = '' }) => text).join('');
  }
  const data = [...body.matchAll(/^data: (.*)$/gm)].map(
    ([, text = '']) => JSON.parse(text) as { delta?: { text?: string } },
  );
  return data.map(({ delta }) => delta?.text ?? '').join('');
}

describe('a call', () => {
  const whole = { model: '', messages: [{ role: 'user', content: 'Hello!' }] };

  test('names the deployment in the body of v1, and in the path of the dated form', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: ['{"choices":[]}'] });
    await post(
      `${gateway.url}/v1/chat/completions`,
      { ...whole, model: 'new' },
      { authorization: 'Bearer client-key' },
    );
    await post(`${gateway.url}/v1/chat/completions`, { ...whole, model: 'old' }, { 'api-key': 'client-key' });
    const [v1, dated] = upstream.received;
    expect([v1?.path, dated?.path]).toEqual([
      '/openai/v1/chat/completions',
      '/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21',
    ]);
    expect(JSON.parse(v1?.body.toString() ?? '')).toMatchObject({ model: 'gpt-5-deployment' });
    expect([v1?.headers['api-key'], v1?.headers.authorization]).toEqual([KEY, undefined]);
    expect([dated?.headers['api-key'], dated?.headers.authorization]).toEqual([undefined, `Bearer ${TOKEN}`]);
  });

  test('for a name that would change the path is never sent', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: ['{"choices":[]}'] });
    const response = await post(`${gateway.url}/v1/chat/completions`, { ...whole, model: 'bad' });
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: expect.objectContaining({ code: 'GW_UNKNOWN_MODEL', param: 'model' }) },
    ]);
    expect(upstream.received).toEqual([]);
  });

  test('whose prompt the content filter refuses fails with what Azure says', async () => {
    const error = {
      message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      type: null,
      param: 'prompt',
      code: 'content_filter',
      status: 400,
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { jailbreak: { detected: true } } },
    };
    upstream.answer({ status: 400, headers: JSON_BODY, chunks: [JSON.stringify({ error })] });
    const response = await post(`${gateway.url}/v1/chat/completions`, { ...whole, model: 'new' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: expect.objectContaining({ message: error.message, code: 'content_filter', param: 'prompt' }),
    });
  });
});

test('a response is asked for at the resource that keeps it, with the version of its API', async () => {
  const made = { id: 'resp_azure', object: 'response', status: 'completed', model: 'm', output: [] };
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(made)] });
  await client.responses.create({ model: 'kept', input: 'Hello' });
  await client.responses.retrieve('resp_azure', { include: ['message.output_text.logprobs'] });
  await client.responses.cancel('resp_azure');
  const version = 'api-version=2025-04-01-preview';
  expect(upstream.received.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
    `POST /openai/responses?${version}`,
    `GET /openai/responses/resp_azure?${version}&include[]=message.output_text.logprobs`,
    `POST /openai/responses/resp_azure/cancel?${version}`,
  ]);
  expect(upstream.received.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
});
