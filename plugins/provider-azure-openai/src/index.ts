/** Calls Azure OpenAI: where a deployment's endpoints are, with which credential. */
import { definePlugin } from '@gatewright/core';
import { Bearer, CredentialMask, Upstream } from '@gatewright/core/wire';
import { endpointPath, operations, operationsOf } from './endpoint-path.ts';
import { tokensOf } from './identity.ts';
import { options, type Options } from './options.ts';

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders({ headers, apiKey }: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) fixed[name.toLowerCase()] = value;
  if (apiKey !== undefined) fixed['api-key'] = apiKey;
  return fixed;
}

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
    const fixed = fixedHeaders(options);
    const others = Object.values(options.headers);
    const mask = new CredentialMask([options.apiKey ?? ''], others);
    const tokens = tokensOf(options);
    const bearer = tokens === undefined ? undefined : new Bearer(tokens, context.clock, others);
    context.hooks.call.tap(
      async (attempt) => {
        const path = endpointPath(options, attempt.target, attempt.dialect);
        const headers: Record<string, string> = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers };
        // Azure looks at both: the client's own credential must not go on in the one that is not used.
        delete headers['authorization'];
        delete headers['api-key'];
        const all = { ...headers, ...fixed };
        if (bearer === undefined) return mask.reply(await upstream.send(attempt, { path, headers: all }));
        const token = await bearer.token();
        all['authorization'] = `Bearer ${token}`;
        return bearer.reply(token, await upstream.send(attempt, { path, headers: all }));
      },
      { operations: operationsOf(options) },
    );
  },
});
