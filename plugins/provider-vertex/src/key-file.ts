/** The credentials in a key file of Google Cloud: of a service account, a user, a workload, or of whoever acts as an account. */
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

/** What says that the token comes from elsewhere: from AWS, a program that is run, a certificate. */
const ELSEWHERE = ['environment_id', 'executable', 'certificate'] as const;

/** The token of a workload stands in a file, or is asked for at an address. */
const credentialSource = z
  .looseObject({
    file: z.string().min(1).optional(),
    url: url.optional(),
    headers: z.record(z.string(), z.string()).optional(),
    format: z
      .discriminatedUnion('type', [
        z.object({ type: z.literal('text') }),
        z.object({ type: z.literal('json'), subject_token_field_name: z.string().min(1) }),
      ])
      .optional(),
  })
  .refine(
    ({ file, url: address, ...others }) =>
      (file === undefined) !== (address === undefined) && ELSEWHERE.every((name) => others[name] === undefined),
  );

const externalAccount = z.object({
  type: z.literal('external_account'),
  audience: z.string().min(1),
  subject_token_type: z.string().min(1),
  token_url: url.default('https://sts.googleapis.com/v1/token'),
  credential_source: credentialSource,
  service_account_impersonation_url: url.optional(),
  service_account_impersonation: z.object({ token_lifetime_seconds: z.int().positive().optional() }).optional(),
  workforce_pool_user_project: z.string().optional(),
  quota_project_id: z.string().optional(),
});

const impersonatedAccount = z.object({
  type: z.literal('impersonated_service_account'),
  service_account_impersonation_url: url,
  source_credentials: z.discriminatedUnion('type', [serviceAccount, authorizedUser, externalAccount]),
  delegates: z.array(z.string()).optional(),
  quota_project_id: z.string().optional(),
});

export type ExternalAccount = z.output<typeof externalAccount>;
export type ImpersonatedAccount = z.output<typeof impersonatedAccount>;
export type ServiceAccount = z.output<typeof serviceAccount>;
export type AuthorizedUser = z.output<typeof authorizedUser>;

/** https://docs.cloud.google.com/docs/authentication/application-default-credentials */
const keyFile = z.discriminatedUnion('type', [serviceAccount, authorizedUser, externalAccount, impersonatedAccount]);

const TYPES: ReadonlySet<unknown> = new Set(keyFile.options.map(({ shape }) => shape.type.value));

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
  if (typeof type === 'string' && /^[a-z_]{1,40}$/.test(type) && !TYPES.has(type)) {
    throw new TypeError(
      `${origin} holds credentials of the type "${type}", which this plugin cannot use. Use a service account's key, ` +
        'the metadata server, or hand in an `accessToken` that something else renews.',
    );
  }
  const paths = parsed.error.issues.map(({ path }) => path.join('.'));
  if (paths.includes('credential_source')) {
    throw new TypeError(
      `${origin} says in "credential_source" that the workload's token comes from elsewhere than a file or an address; ` +
        'this plugin has no other way. Use the file or the address of an OpenID Connect provider.',
    );
  }
  const fields = [...new Set(paths)].filter((path) => path !== '');
  throw new TypeError(`${origin} is no key file of Google Cloud: check ${fields.join(', ') || 'its "type"'}.`);
}
