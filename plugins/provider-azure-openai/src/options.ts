/** The options of the provider for Azure OpenAI. */
import { secret } from '@gatewright/core';
import { address, credential, moreHeaders } from '@gatewright/core/wire';
import { z } from 'zod';

const endpoint = address().refine(
  (text) => !/\/openai(\/|$)/.test(text),
  'must end before `/openai`: that path is put behind it',
);

/** An id of a tenant or an application, or a tenant's domain: nothing that could lead to another path. */
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,127}$/);

const entra = z
  .strictObject({
    tenantId: id.describe('The directory: its id, or a domain of it.'),
    clientId: id.describe("The application's id."),
    clientSecret: secret().min(1).optional().describe('A secret of the application.'),
    tokenFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'In place of a secret: a file with a token that the application trusts, as workload identities have one.',
      ),
    authority: address()
      .default('https://login.microsoftonline.com')
      .describe('Who gives out tokens; other clouds have another.'),
    scope: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .default('https://cognitiveservices.azure.com/.default')
      .describe('What the tokens are for.'),
  })
  .refine(({ clientSecret, tokenFile }) => (clientSecret === undefined) !== (tokenFile === undefined), {
    path: ['clientSecret'],
    message: 'or `tokenFile` is required, and not both',
  });

const managedIdentity = z.strictObject({
  clientId: id.optional().describe('Which identity, where the machine has several.'),
  resource: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .default('https://cognitiveservices.azure.com')
    .describe('What the tokens are for.'),
  url: address().default('http://169.254.169.254').describe('Where the machine answers.'),
});

const shape = z.strictObject({
  endpoint: endpoint.describe('The address of the resource: `https://NAME.openai.azure.com`.'),
  api: z
    .enum(['v1', 'deployments'])
    .default('v1')
    .describe(
      'The form of the API: `v1` (`/openai/v1/…`), or `deployments` (`/openai/deployments/NAME/…`), with a version.',
    ),
  apiVersion: z
    .string()
    .regex(/^\w[\w-]*(?:\.[\w-]+)*$/)
    .optional()
    .describe('The `api-version`. Required with `deployments`, as in `2024-10-21`; `v1` takes none, or `preview`.'),
  apiKey: credential().optional().describe('A key of the resource; sent as `api-key`.'),
  token: credential()
    .optional()
    .describe('An access token of Microsoft Entra ID; sent as a Bearer token as it is, and not renewed.'),
  entra: entra
    .optional()
    .describe('An application of Microsoft Entra ID: the gateway gets its tokens, and renews them.'),
  managedIdentity: managedIdentity
    .optional()
    .describe("The machine's own identity in Azure (`{}`): the gateway gets its tokens, and renews them."),
  headers: moreHeaders(),
});

const CREDENTIALS = ['apiKey', 'token', 'entra', 'managedIdentity'] as const;

export const options = shape.superRefine(({ api, apiVersion, ...credentials }, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (api === 'deployments' && apiVersion === undefined) refuse('apiVersion', 'is required with `api: deployments`');
  if (api === 'v1' && /^\d/.test(apiVersion ?? ''))
    refuse('apiVersion', 'is a date, which only `api: deployments` takes: leave it out, or set `api`');
  const [first, second] = CREDENTIALS.filter((name) => credentials[name] !== undefined);
  if (first === undefined) refuse('apiKey', 'is required, unless `token`, `entra` or `managedIdentity` is there');
  if (second !== undefined) refuse(second, `is one credential too many: \`${first}\` is there`);
});

export type Options = z.output<typeof options>;
