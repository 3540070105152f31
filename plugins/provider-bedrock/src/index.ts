/** Calls Amazon Bedrock: where its Converse API is, and with which credentials. */
import { definePlugin, secret, type Attempt } from '@gatewright/core';
import { CredentialMask, Upstream, address, credential } from '@gatewright/core/wire';
import { z } from 'zod';
import { callPath } from './path.ts';
import { Signer } from './signature.ts';

const credentials = z.strictObject({
  accessKeyId: secret()
    .regex(/^[\w-]+$/)
    .describe('The id of the access key.'),
  secretAccessKey: secret().describe('The secret access key; it signs the requests and is never sent.'),
  sessionToken: credential().optional().describe('The session token, where the credentials are temporary.'),
});

const options = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/)
      .describe('The region to call, as in `us-east-1`.'),
    apiKey: credential().optional().describe('A Bedrock API key; sent as a bearer token.'),
    credentials: credentials
      .optional()
      .describe('An AWS access key, with which every request is signed; instead of `apiKey`.'),
    baseUrl: address()
      .optional()
      .describe("Where the API is, where it is not at the region's own endpoint: a VPC or FIPS endpoint, a proxy."),
  })
  .refine(({ apiKey, credentials: keys }) => (apiKey === undefined) !== (keys === undefined), {
    message: 'Set either apiKey or credentials.',
    path: ['apiKey'],
  });

type Options = z.output<typeof options>;

/** https://docs.aws.amazon.com/general/latest/gr/bedrock.html */
function endpoint(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Makes the headers of a request. */
type Authorize = (attempt: Attempt, path: string, headers: Record<string, string>) => Record<string, string>;

function authorizer(options: Options, baseUrl: URL, now: () => number): Authorize {
  const { apiKey, credentials: keys } = options;
  if (keys === undefined) return (_attempt, _path, headers) => ({ ...headers, authorization: `Bearer ${apiKey}` });
  const signer = new Signer(keys, options.region, 'bedrock');
  const prefix = baseUrl.pathname.replace(/\/$/, '');
  return (attempt, path, headers) => {
    const { host } = baseUrl;
    const body = attempt.body ?? Buffer.alloc(0);
    return signer.sign({ method: 'POST', host, path: prefix + path, headers, body }, now());
  };
}

/** Whatever must not come back in an error: AWS repeats the session token and the id of the key. */
function maskOf({ apiKey, credentials: keys }: Options): CredentialMask {
  const all = [apiKey, keys?.accessKeyId, keys?.secretAccessKey, keys?.sessionToken];
  return new CredentialMask(all.filter((value) => value !== undefined));
}

export default definePlugin({
  name: '@gatewright/provider-bedrock',
  version: '0.1.0',
  engine: '^1',
  id: 'bedrock',
  options,
  supports: {
    operations: ['chat'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime.*.amazonaws.com.cn'],
  },
  setup(context, options) {
    const baseUrl = new URL(options.baseUrl ?? endpoint(options.region));
    const upstream = context.share(
      `upstream ${baseUrl.href}`,
      () => new Upstream({ baseUrl: baseUrl.href }),
      (pool) => pool.close(),
    );
    const mask = maskOf(options);
    const authorize = authorizer(options, baseUrl, () => context.clock.now());
    context.hooks.call.tap(
      async (attempt) => {
        const path = callPath(attempt.target.model, attempt.stream);
        const headers = {
          'content-type': 'application/json',
          accept: attempt.stream ? 'application/vnd.amazon.eventstream' : 'application/json',
        };
        const authorized = authorize(attempt, path, headers);
        // Not signed: proxies change it.
        authorized['user-agent'] = 'gatewright/0.1.0';
        return mask.reply(await upstream.send(attempt, { path, headers: authorized }));
      },
      { operations: { chat: { dialect: 'bedrock-converse' } } },
    );
  },
});
