/** The options of the provider for Azure OpenAI. */
import { secret } from '@gatewright/core';
import { z } from 'zod';

/** Header names and values as RFC 9110, section 5, has them. */
const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/));

/** A credential as a header can hold it. */
const credential = secret().regex(
  /^[\x21-\x7e]+$/,
  'must be one word of visible ASCII characters, without spaces or line ends',
);

/** An address alone: what else a URL can hold would be dropped (a query) or shown (a password). */
const endpoint = z
  .url({ protocol: /^https?$/ })
  .refine((text) => isPlain(text), 'must have no user name, no password, no `?` and no `#`')
  .refine((text) => !/\/openai(\/|$)/.test(text), 'must end before `/openai`: that path is put behind it');

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

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
  apiKey: credential.optional().describe('A key of the resource; sent as `api-key`.'),
  token: credential
    .optional()
    .describe('An access token of Microsoft Entra ID; sent as a Bearer token. Either this or `apiKey`.'),
  headers: headers
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
});

export const options = shape.superRefine(({ api, apiVersion, apiKey, token }, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (api === 'deployments' && apiVersion === undefined) refuse('apiVersion', 'is required with `api: deployments`');
  if (api === 'v1' && /^\d/.test(apiVersion ?? ''))
    refuse('apiVersion', 'is a date, which only `api: deployments` takes: leave it out, or set `api`');
  if (apiKey === undefined && token === undefined) refuse('apiKey', 'is required, unless `token` is there');
  if (apiKey !== undefined && token !== undefined) refuse('token', 'is one credential too many: `apiKey` is there');
});

export type Options = z.output<typeof options>;
