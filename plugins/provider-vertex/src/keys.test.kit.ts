/** Key files for tests: real keys that open nothing. */
import { generateKeyPairSync } from 'node:crypto';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const PUBLIC_KEY = publicKey;
export const PRIVATE_PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A service account's key file, with the token service at `token_uri`. */
export function accountFile(tokenUri: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'acme-prod',
    private_key_id: 'key-1',
    private_key: PRIVATE_PEM,
    client_email: 'gateway@acme-prod.iam.example',
    token_uri: tokenUri,
    ...more,
  });
}

/** What `gcloud auth application-default login` writes. */
export function userFile(tokenUri: string): string {
  return JSON.stringify({
    type: 'authorized_user',
    client_id: 'client-1.apps.example',
    client_secret: 'client-secret-0123456789',
    refresh_token: '1//refresh-0123456789',
    quota_project_id: 'acme-quota',
    token_uri: tokenUri,
  });
}

/** What describes a workload that another identity provider vouches for. */
export function workloadFile(source: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'external_account',
    audience: '//iam.example/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    credential_source: source,
    ...more,
  });
}
