/** Tokens for workloads: what they show, what it is exchanged for, and what is said where that fails. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, providerStage, textOf } from '@gatewright/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import plugin from './index.ts';
import { userFile, workloadFile } from './keys.test.kit.ts';

const SUBJECT = 'eyJhbGciOi.subject-of-workload.c2ln';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

let clock: ManualClock;
let stage: ReturnType<typeof providerStage>;
let folder: string;

beforeEach(async () => {
  clock = new ManualClock();
  stage = providerStage(plugin, (origin) => ({ project: 'acme', baseUrl: origin }), { clock, model: 'gemini-3-pro' });
  folder = await mkdtemp(join(tmpdir(), 'workload-'));
});
afterEach(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

const grant = (token: string) => ({
  body: JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }),
});
const formOf = (body: string | undefined) => Object.fromEntries(new URLSearchParams(body));

/** A file with what a workload shows. */
async function shown(text: string): Promise<string> {
  const file = join(folder, 'token');
  await writeFile(file, text);
  return file;
}

/** What a call fails with. */
async function failure(key: string): Promise<unknown> {
  const { rig, server } = await stage.open({ key });
  const error = await rig.send().catch((thrown: unknown) => thrown);
  expect(server.received).toEqual([]);
  expect(JSON.stringify(error) + String(error)).not.toContain(SUBJECT);
  return error;
}

describe('a workload', () => {
  test('shows the token in its file, and gets one token for many calls', async () => {
    const sts = await stage.upstream(grant('ya29.federated'));
    const key = workloadFile({ file: await shown(`${SUBJECT}\n`) }, { token_url: `${sts.origin}/v1/token` });
    const { server, rig } = await stage.open({ key });
    await Promise.all([1, 2, 3].map(async () => textOf(await rig.send())));
    expect(new Set(server.received.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer ya29.federated']),
    );
    expect(sts.received.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/token']);
    expect(formOf(sts.received[0]?.body)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: SUBJECT,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      audience: '//iam.example/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster',
      scope: SCOPE,
    });
  });

  test('shows what its file has at the time', async () => {
    const sts = await stage.upstream(grant('ya29.federated'));
    const key = workloadFile({ file: await shown('first') }, { token_url: sts.origin });
    const { rig } = await stage.open({ key });
    await textOf(await rig.send());
    await shown('second');
    clock.advance(3_600_000);
    await textOf(await rig.send());
    expect(sts.received.map(({ body }) => formOf(body)['subject_token'])).toEqual(['first', 'second']);
  });

  test('shows the token that an address gives, in JSON', async () => {
    const issuer = await stage.upstream({ body: JSON.stringify({ access_token: SUBJECT }) });
    const sts = await stage.upstream(grant('ya29.federated'));
    const source = {
      url: `${issuer.origin}/identity?resource=x`,
      headers: { Metadata: 'True' },
      format: { type: 'json', subject_token_field_name: 'access_token' },
    };
    const { rig } = await stage.open({ key: workloadFile(source, { token_url: sts.origin }) });
    await textOf(await rig.send());
    expect(issuer.received[0]).toMatchObject({
      method: 'GET',
      url: '/identity?resource=x',
      headers: { metadata: 'True' },
    });
    expect(formOf(sts.received[0]?.body)['subject_token']).toBe(SUBJECT);
  });

  test('acts as a service account until that token ends', async () => {
    const sts = await stage.upstream(grant('ya29.federated'));
    const expireTime = new Date(clock.now() + 600_000).toISOString();
    const iam = await stage.upstream({ body: JSON.stringify({ accessToken: 'ya29.account', expireTime }) });
    const key = workloadFile(
      { file: await shown(SUBJECT) },
      {
        token_url: sts.origin,
        service_account_impersonation_url: `${iam.origin}/v1/projects/-/serviceAccounts/a:generateAccessToken`,
        service_account_impersonation: { token_lifetime_seconds: 600 },
      },
    );
    const { server, rig } = await stage.open({ key });
    for (const wait of [0, 200_000, 400_000]) {
      clock.advance(wait);
      await textOf(await rig.send());
    }
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer ya29.account'));
    expect([sts.received.length, iam.received.length]).toEqual([2, 2]);
    expect(iam.received[0]).toMatchObject({
      method: 'POST',
      url: '/v1/projects/-/serviceAccounts/a:generateAccessToken',
      headers: { authorization: 'Bearer ya29.federated', 'content-type': 'application/json' },
    });
    expect(JSON.parse(iam.received[0]?.body ?? '')).toEqual({ scope: [SCOPE], lifetime: '600s' });
  });
});

test('a user may act as a service account too', async () => {
  const tokens = await stage.upstream(grant('ya29.user'));
  const iam = await stage.upstream({ body: JSON.stringify({ accessToken: 'ya29.account', expireTime: 'soon' }) });
  const key = JSON.stringify({
    type: 'impersonated_service_account',
    service_account_impersonation_url: iam.origin,
    source_credentials: JSON.parse(userFile(tokens.origin)) as unknown,
    delegates: ['projects/-/serviceAccounts/between'],
  });
  const { server, rig } = await stage.open({ key });
  await textOf(await rig.send());
  expect(server.received[0]?.headers.authorization).toBe('Bearer ya29.account');
  expect(iam.received[0]?.headers.authorization).toBe('Bearer ya29.user');
  expect(JSON.parse(iam.received[0]?.body ?? '')).toMatchObject({ delegates: ['projects/-/serviceAccounts/between'] });
});

describe('what fails', () => {
  test('a file that is not there', async () => {
    expect(await failure(workloadFile({ file: join(folder, 'nothing') }))).toMatchObject({
      code: 'GW_UPSTREAM_UNREACHABLE',
      message: expect.stringMatching(/the workload shows could not be had from .*nothing: ENOENT/),
      details: { help: expect.stringContaining('credential_source') },
    });
  });

  test.each([
    ['', { type: 'text' }],
    ['{"other":"x"}', { type: 'json', subject_token_field_name: 'token' }],
    [SUBJECT, { type: 'json', subject_token_field_name: 'token' }],
  ])('a file without a token: %j', async (text, format) => {
    expect(await failure(workloadFile({ file: await shown(text), format }))).toMatchObject({
      message: expect.stringContaining('there is no token in it'),
    });
  });

  test('an address that refuses, and one that is not there', async () => {
    const issuer = await stage.upstream({ status: 403, body: SUBJECT });
    const key = workloadFile({ url: issuer.origin });
    expect(await failure(key)).toMatchObject({ message: expect.stringContaining('it answered 403') });
    await issuer.close();
    expect(await failure(key)).toMatchObject({ message: expect.stringContaining('ECONNREFUSED'), retryable: true });
  });

  test('an exchange that is refused, which says nothing of what was shown', async () => {
    const sts = await stage.upstream({
      status: 400,
      body: `{"error":"invalid_grant","error_description":"${SUBJECT}"}`,
    });
    expect(await failure(workloadFile({ file: await shown(SUBJECT) }, { token_url: sts.origin }))).toMatchObject({
      code: 'GW_UPSTREAM_ERROR',
      retryable: false,
      message: expect.stringContaining('it answered 400 (invalid_grant)'),
      details: { help: expect.stringContaining('the pool and its provider') },
    });
  });

  test('a service account that the workload may not act as', async () => {
    const sts = await stage.upstream(grant('ya29.federated'));
    const iam = await stage.upstream({ status: 403, body: '{"error":{"status":"PERMISSION_DENIED"}}' });
    const more = { token_url: sts.origin, service_account_impersonation_url: iam.origin };
    expect(await failure(workloadFile({ file: await shown(SUBJECT) }, more))).toMatchObject({
      code: 'GW_UPSTREAM_ERROR',
      message: expect.stringContaining('it answered 403'),
      details: { help: expect.stringContaining('may impersonate the service account') },
    });
  });
});
