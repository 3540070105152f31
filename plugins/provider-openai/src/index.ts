/** Calls OpenAI: where its endpoints are, with which credentials. */
import { definePlugin, secret } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { ENDPOINTS, operations } from './endpoints.ts';

/** Header names and values as RFC 9110, section 5, has them. */
const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/));

/** An address alone: what else a URL can hold would be dropped (a query) or shown (a password). */
function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

const options = z.strictObject({
  apiKey: secret()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters, without spaces or line ends')
    .describe('The API key; sent as a Bearer token.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'must have no user name, no password, no `?` and no `#`')
    .default('https://api.openai.com/v1')
    .describe('Where the API is; the paths of its endpoints are put behind it.'),
  organization: z.string().min(1).optional().describe('The organisation that is billed: `openai-organization`.'),
  project: z.string().min(1).optional().describe('The project that is billed: `openai-project`.'),
  headers: headers
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
});

type Options = z.output<typeof options>;

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders(options: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers)) fixed[name.toLowerCase()] = value;
  if (options.organization !== undefined) fixed['openai-organization'] = options.organization;
  if (options.project !== undefined) fixed['openai-project'] = options.project;
  fixed['authorization'] = `Bearer ${options.apiKey}`;
  return fixed;
}

export default definePlugin({
  name: '@gatewright/provider-openai',
  version: '0.1.0',
  engine: '^1',
  id: 'openai',
  options,
  supports: {
    operations: Object.keys(operations),
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['api.openai.com'],
  },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.baseUrl}`,
      () => new Upstream({ baseUrl: options.baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options);
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      (attempt) => {
        const headers = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers, ...fixed };
        const path = ENDPOINTS[attempt.dialect] ?? '/chat/completions';
        return upstream.send(attempt, { path, headers, mask });
      },
      { operations },
    );
  },
});
