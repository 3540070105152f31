/** The options of the provider for servers that speak OpenAI's chat dialect. */
import { secret } from '@gatewright/core';
import { z } from 'zod';
import { quirks } from './quirks.ts';

/** Header names and values as RFC 9110, section 5, has them. */
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/);
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/);

export const options = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe('Where the API is, usually ending in `/v1`.'),
  apiKey: secret().optional().describe('The API key; without it, no credential is sent.'),
  authHeader: headerName.default('authorization').describe('The header that carries the key.'),
  authScheme: z
    .string()
    .regex(/^[\x21-\x7e]*$/)
    .default('Bearer')
    .describe('The word before the key; empty where the header holds the key alone.'),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
  query: z
    .record(z.string().min(1), z.string())
    .default({})
    .meta({ secret: true })
    .describe('Query parameters for every request, such as an API version.'),
  chatPath: z
    .string()
    .regex(/^\/[^?#\s]*$/)
    .default('/chat/completions')
    .describe('The path of the chat endpoint behind `baseUrl`.'),
  quirks: quirks.prefault({}).describe('How the server differs from the dialect.'),
});

export type Options = z.output<typeof options>;
