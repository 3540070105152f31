/** The credentials in a key file of Google Cloud: of a service account, or of a user who logged in with gcloud. */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const TOKEN_URI = 'https://oauth2.googleapis.com/token';

const serviceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  project_id: z.string().optional(),
  token_uri: url.default(TOKEN_URI),
});

const authorizedUser = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
  quota_project_id: z.string().optional(),
  token_uri: url.default(TOKEN_URI),
});

export type ServiceAccount = z.output<typeof serviceAccount>;
export type AuthorizedUser = z.output<typeof authorizedUser>;

/** https://docs.cloud.google.com/docs/authentication/application-default-credentials */
const keyFile = z.discriminatedUnion('type', [serviceAccount, authorizedUser]);

export type KeyFile = z.output<typeof keyFile>;

/** Reads a key file. Throws TypeError that says what is wrong with it, and never what stands in it. */
export function parseKey(text: string, origin: string): KeyFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError(`${origin} is not JSON. Download the key file of the service account again, as JSON.`);
  }
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
  const parsed = keyFile.safeParse(value);
  if (parsed.success) return parsed.data;
  if (
    typeof type === 'string' &&
    /^[a-z_]{1,40}$/.test(type) &&
    type !== 'service_account' &&
    type !== 'authorized_user'
  ) {
    throw new TypeError(
      `${origin} holds credentials of the type "${type}", which this plugin cannot use. Use a service account's key, ` +
        'the metadata server, or hand in an `accessToken` that something else renews.',
    );
  }
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].filter((path) => path !== '');
  throw new TypeError(`${origin} is no key file of Google Cloud: check ${fields.join(', ') || 'its "type"'}.`);
}
