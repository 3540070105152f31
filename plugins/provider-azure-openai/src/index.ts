/** Calls Azure OpenAI: where a deployment's endpoints are, with which credential. */
import { definePlugin } from '@gatewright/core';
import { Bearer, CredentialMask, Upstream, fixedHeaders, sentHeaders } from '@gatewright/core/wire';
import { endpointPath, operations, operationsOf } from './endpoint-path.ts';
import { tokensOf } from './identity.ts';
import { options } from './options.ts';

/** Azure looks at both: the client's own credential must not go on in the one that is not used. */
const CREDENTIALS = ['authorization', 'api-key'];

export default definePlugin({
  name: '@gatewright/provider-azure-openai',
  version: '0.1.0',
  engine: '^1',
  id: 'azure-openai',
  options,
  supports: {
    operations: Object.keys(operations),
    operationsIfConfigured: ['kept'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['login.microsoftonline.com', '169.254.169.254'],
  },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.endpoint}`,
      () => new Upstream({ baseUrl: options.endpoint }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options.headers, { 'api-key': options.apiKey });
    const others = Object.values(options.headers);
    const mask = new CredentialMask([options.apiKey ?? ''], others);
    const tokens = tokensOf(options);
    const bearer = tokens === undefined ? undefined : new Bearer(tokens, context.clock, others);
    context.hooks.call.tap(
      async (attempt) => {
        const path = endpointPath(options, attempt.target, attempt.dialect);
        const headers = sentHeaders(attempt, fixed, CREDENTIALS);
        if (bearer === undefined) return mask.reply(await upstream.send(attempt, { path, headers }));
        const token = await bearer.token();
        headers['authorization'] = `Bearer ${token}`;
        return bearer.reply(token, await upstream.send(attempt, { path, headers }));
      },
      { operations: operationsOf(options) },
    );
  },
});
