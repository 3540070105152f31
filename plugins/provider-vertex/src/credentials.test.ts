import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { credentialsOf, gcloudFile } from './credentials.ts';
import { accountFile, userFile } from './keys.test.kit.ts';
import { options } from './options.ts';

const URI = 'https://t.example/token';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vertex-'));
  await writeFile(join(folder, 'account.json'), accountFile(URI));
  await writeFile(join(folder, 'user.json'), userFile(URI));
  await writeFile(join(folder, 'broken.json'), '{');
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string): string => join(folder, name);

test('a given token is used as it is', async () => {
  expect(await credentialsOf(options.parse({ accessToken: 'ya29.token' }))).toEqual({ tokens: 'ya29.token' });
});

test.each([
  ['the content of a key', () => ({ key: accountFile(URI) }), 'nowhere', 'the service account', 'acme-prod'],
  ['a key file', () => ({ keyFile: file('account.json') }), 'nowhere', 'the service account', 'acme-prod'],
  ['the file of gcloud', () => ({ keyFile: '' }), 'user.json', 'the user', undefined],
  ['nothing at all', () => ({}), 'nowhere', 'the metadata server', undefined],
])('%s', async (_what, given, gcloud, name, project) => {
  const credentials = await credentialsOf(options.parse(given()), file(gcloud));
  expect(credentials.tokens).toMatchObject({ name: expect.stringContaining(name) });
  expect(credentials.project).toBe(project);
  expect(credentials.quotaProject).toBe(gcloud === 'user.json' ? 'acme-quota' : undefined);
});

test('files that are named must be there and be readable', async () => {
  await expect(credentialsOf(options.parse({ keyFile: file('nothing.json') }))).rejects.toThrow(
    /nothing\.json of the option "keyFile" could not be read \(ENOENT\)/,
  );
  await expect(credentialsOf(options.parse({ keyFile: file('broken.json') }))).rejects.toThrow(
    /broken\.json is not JSON/,
  );
  await expect(credentialsOf(options.parse({}), file('broken.json'))).rejects.toThrow(/broken\.json is not JSON/);
  await expect(credentialsOf(options.parse({}), folder)).rejects.toThrow(/could not be read \(EISDIR\)/);
});

test('gcloud has its file in the home folder', () => {
  expect(gcloudFile('here')).toBe(join('here', '.config/gcloud/application_default_credentials.json'));
});

test('more than one credential is refused', () => {
  const both = options.safeParse({ accessToken: 'a', keyFile: 'b' });
  expect(both.error?.issues.map(({ path }) => path)).toEqual([['keyFile']]);
  expect(options.safeParse({ accessToken: 'a', keyFile: '' }).success).toBe(true);
});
