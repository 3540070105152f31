import { expect, test } from 'vitest';
import { parseKey } from './key-file.ts';
import { accountFile, PRIVATE_PEM, userFile, workloadFile } from './keys.test.kit.ts';

test('service accounts and users are read; where tokens come from has a default', () => {
  expect(parseKey(accountFile('https://t.example/token'), 'x')).toMatchObject({ project_id: 'acme-prod' });
  expect(parseKey(userFile('https://t.example/token'), 'x')).toMatchObject({ quota_project_id: 'acme-quota' });
  const { token_uri: _gone, ...rest } = JSON.parse(accountFile('')) as Record<string, unknown>;
  expect(parseKey(JSON.stringify(rest), 'x')).toMatchObject({ token_uri: 'https://oauth2.googleapis.com/token' });
});

test.each([
  ['{"type":', /^The file k\.json is not JSON\./],
  ['[]', /^The file k\.json is no key file of Google Cloud: check/],
  ['{"type":"gdch_service_account"}', /holds credentials of the type "gdch_service_account", which this plugin cannot/],
  [workloadFile({ file: '/run/token', url: 'https://t.example' }), /"credential_source".*than a file or an address/],
  [workloadFile({ environment_id: 'aws1', url: 'http://169.254.169.254/x' }), /"credential_source".*than a file/],
  [workloadFile({ executable: { command: 'whoami' } }), /"credential_source"/],
  [workloadFile({ file: '/run/token' }, { audience: 7 }), /check audience\.$/],
  [accountFile('https://t.example', { client_email: '' }), /check client_email\.$/],
  [accountFile('file:///etc/passwd'), /check token_uri\.$/],
])('%j is refused', (text, message) => {
  expect(() => parseKey(text, 'The file k.json')).toThrow(message);
});

test('what is wrong is said without what stands there', () => {
  const said = (text: string): string => {
    try {
      parseKey(text, 'k');
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  const spoiled = said(accountFile('nowhere', { client_email: 7, type: PRIVATE_PEM }));
  expect(spoiled).not.toBe('');
  expect(spoiled).not.toContain(PRIVATE_PEM.slice(40, 60));
});
