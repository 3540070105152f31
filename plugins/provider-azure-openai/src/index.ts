/** Calls Azure OpenAI: where a deployment's endpoints are, with which credential. */
import { definePlugin } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { endpointPath, operations, operationsOf } from './endpoint-path.ts';
import { options, type Options } from './options.ts';

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders({ headers, apiKey, token }: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) fixed[name.toLowerCase()] = value;
  if (apiKey !== undefined) fixed['api-key'] = apiKey;
  if (token !== undefined) fixed['authorization'] = `Bearer ${token}`;
  return fixed;
}

export default definePlugin({
  name: '@gatewright/provider-azure-openai',
  version: '0.1.0',
  engine: '^1',
  id: 'azure-openai',
  options,
  supports: { operations: [...Object.keys(operations), 'kept'], streaming: true },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.endpoint}`,
      () => new Upstream({ baseUrl: options.endpoint }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options);
    const credentials = [options.apiKey ?? '', options.token ?? ''];
    const mask = new CredentialMask(credentials, Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt) => {
        const path = endpointPath(options, attempt.target, attempt.dialect);
        const headers: Record<string, string> = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers };
        // Azure looks at both: the client's own credential must not go on in the one that is not used.
        delete headers['authorization'];
        delete headers['api-key'];
        return mask.reply(await upstream.send(attempt, { path, headers: { ...headers, ...fixed } }));
      },
      { operations: operationsOf(options) },
    );
  },
});
