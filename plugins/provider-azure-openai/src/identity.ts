/** Where tokens of Microsoft Entra ID come from: an application's own identity, or that of the machine. */
import { readFile } from 'node:fs/promises';
import { requestToken, type TokenOrigin } from '@gatewright/core/wire';
import type { Options } from './options.ts';

type Application = NonNullable<Options['entra']>;
type Machine = NonNullable<Options['managedIdentity']>;

/** A token that was given, or where tokens come from; undefined where a key is used. */
export function tokensOf({ token, entra, managedIdentity }: Options): string | TokenOrigin | undefined {
  if (entra !== undefined) return application(entra);
  return managedIdentity === undefined ? token : machine(managedIdentity);
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function application({ tenantId, clientId, clientSecret, tokenFile, authority, scope }: Application): TokenOrigin {
  const url = `${authority.replace(/\/$/, '')}/${tenantId}/oauth2/v2.0/token`;
  const form = { grant_type: 'client_credentials', client_id: clientId, scope };
  return {
    name: 'Microsoft Entra ID',
    help:
      clientSecret === undefined
        ? 'Check `tenantId`, `clientId`, and that the application trusts whoever writes `tokenFile`.'
        : 'Check `tenantId` and `clientId`, and that the secret has not expired.',
    ask: async () => {
      const proof =
        clientSecret === undefined
          ? { client_assertion_type: ASSERTION, client_assertion: await readToken(tokenFile ?? '') }
          : { client_secret: clientSecret };
      return requestToken({ url, form: { ...form, ...proof } });
    },
  };
}

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The file changes while the gateway runs: it is read anew for every token. */
async function readToken(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).trim();
}

const MACHINE_PATH = '/metadata/identity/oauth2/token?api-version=2018-02-01';

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
function machine({ clientId, url, resource }: Machine): TokenOrigin {
  const query = new URLSearchParams({ resource, ...(clientId === undefined ? {} : { client_id: clientId }) });
  return {
    name: "the machine's identity endpoint",
    help: 'Outside of Azure there is none: set `entra`, `token` or `apiKey`. Inside, give the machine an identity.',
    ask: () =>
      requestToken({
        url: `${url.replace(/\/$/, '')}${MACHINE_PATH}&${query.toString()}`,
        headers: { metadata: 'true' },
      }),
  };
}
