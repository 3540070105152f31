/** Where access tokens come from: what a key file names, or the machine's metadata server. */
import { requestToken, type TokenOrigin } from '@gatewright/core/wire';
import { Assertions } from './assertion.ts';
import { federation } from './federation.ts';
import { impersonate } from './impersonation.ts';
import type { AuthorizedUser, ImpersonatedAccount, KeyFile, ServiceAccount } from './key-file.ts';

export function originFor(key: KeyFile): TokenOrigin {
  switch (key.type) {
    case 'service_account':
      return serviceAccount(key);
    case 'authorized_user':
      return authorizedUser(key);
    case 'external_account':
      return federation(key);
    case 'impersonated_service_account':
      return impersonated(key);
  }
}

function impersonated(account: ImpersonatedAccount): TokenOrigin {
  const { source_credentials: source, service_account_impersonation_url: url, delegates } = account;
  const own = originFor(source);
  return {
    name: `${own.name} that acts as a service account`,
    help: `${own.help} And check that it may still create tokens of the service account.`,
    ask: async (now) => impersonate(url, await own.ask(now), now, undefined, delegates),
  };
}

function serviceAccount(account: ServiceAccount): TokenOrigin {
  const assertions = new Assertions(account);
  return {
    name: 'the token service for the service account',
    help: 'Check that the service account and its key still exist, and that the clock of this machine is right.',
    ask: (now) => {
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertions.make(now) };
      return requestToken({ url: account.token_uri, form });
    },
  };
}

function authorizedUser(user: AuthorizedUser): TokenOrigin {
  const { client_id, client_secret, refresh_token, token_uri: url } = user;
  return {
    name: 'the token service for the user',
    help: 'Log in again: gcloud auth application-default login.',
    ask: () => requestToken({ url, form: { grant_type: 'refresh_token', client_id, client_secret, refresh_token } }),
  };
}

/** https://docs.cloud.google.com/compute/docs/metadata/overview */
const METADATA_PATH = '/computeMetadata/v1/instance/service-accounts/default/token';

export function metadataServer(address: string): TokenOrigin {
  return {
    name: 'the metadata server',
    help:
      'Outside of Google Cloud there is none: set `keyFile`, `key` or `accessToken`, or run ' +
      '"gcloud auth application-default login". Inside, give the machine a service account.',
    ask: () =>
      requestToken({ url: address.replace(/\/$/, '') + METADATA_PATH, headers: { 'metadata-flavor': 'Google' } }),
  };
}
