/** The options of the provider for Vertex AI. */
import { secret } from '@gatewright/core';
import { address, credential, moreHeaders } from '@gatewright/core/wire';
import { z } from 'zod';
import { LOCATION } from './location.ts';

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
  accessToken: credential().optional().describe('An access token. It is used as it is and not renewed.'),
  key: secret()
    .optional()
    .describe('The content of a key file, as JSON: of a service account, a workload, or a gcloud login.'),
  keyFile: z
    .string()
    .optional()
    .describe(
      'The path of a key file, from the folder that the gateway runs in: `"${env:GOOGLE_APPLICATION_CREDENTIALS:-}"`. An empty one is none.',
    ),
  metadataUrl: address()
    .default('http://metadata.google.internal')
    .describe('Where the metadata server is, which is asked where no credential is given and gcloud has none.'),
  baseUrl: address()
    .optional()
    .describe("Where the API is, where it is not at the location's own address: Private Service Connect, a proxy."),
  apiVersion: z
    .string()
    .regex(/^v\d+(?:(?:alpha|beta)\d*)?$/)
    .default('v1')
    .describe('The version of the API, as it stands in the path.'),
  headers: moreHeaders(),
});

export const options = shape.superRefine(({ accessToken, key, keyFile }, context) => {
  const given = Object.entries({ accessToken, key, keyFile: keyFile === '' ? undefined : keyFile });
  const [, second] = given.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (second === undefined) return;
  context.addIssue({ code: 'custom', path: [second], message: 'is one credential too many: give one, or none' });
});

export type Options = z.output<typeof options>;
