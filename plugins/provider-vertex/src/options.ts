/** The options of the provider for Vertex AI. */
import { secret } from '@gatewright/core';
import { z } from 'zod';
import { LOCATION } from './location.ts';

/** Header names and values as RFC 9110, section 5, has them. */
const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/));

/** An address alone: what else a URL can hold would be dropped (a query) or shown (a password). */
const address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => isPlain(text), 'must have no user name, no password, no `?` and no `#`');

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

const shape = z.strictObject({
  project: z
    .string()
    .regex(/^(?:[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:)?[a-z0-9][a-z0-9-]*$/)
    .optional()
    .describe("The project's id. Where it is left out: the one of the service account's key."),
  location: z
    .string()
    .regex(LOCATION)
    .default('global')
    .describe('Where the models run: `global`, several regions (`us`, `eu`), or a region such as `europe-west4`.'),
  accessToken: secret()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters, without spaces or line ends')
    .optional()
    .describe('An access token. It is used as it is and not renewed.'),
  key: secret()
    .optional()
    .describe('The content of a key file, as JSON: of a service account, a workload, or a gcloud login.'),
  keyFile: z
    .string()
    .optional()
    .describe(
      'The path of a key file, from the folder that the gateway runs in: `"${env:GOOGLE_APPLICATION_CREDENTIALS:-}"`. An empty one is none.',
    ),
  metadataUrl: address
    .default('http://metadata.google.internal')
    .describe('Where the metadata server is, which is asked where no credential is given and gcloud has none.'),
  baseUrl: address
    .optional()
    .describe("Where the API is, where it is not at the location's own address: Private Service Connect, a proxy."),
  apiVersion: z
    .string()
    .regex(/^v\d+(?:(?:alpha|beta)\d*)?$/)
    .default('v1')
    .describe('The version of the API, as it stands in the path.'),
  headers: headers
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
});

export const options = shape.superRefine(({ accessToken, key, keyFile }, context) => {
  const given = Object.entries({ accessToken, key, keyFile: keyFile === '' ? undefined : keyFile });
  const [, second] = given.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (second === undefined) return;
  context.addIssue({ code: 'custom', path: [second], message: 'is one credential too many: give one, or none' });
});

export type Options = z.output<typeof options>;
