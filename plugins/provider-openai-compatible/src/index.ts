/** Calls any server that speaks OpenAI's chat dialect. */
import { definePlugin, type ProviderOperation } from '@gatewright/core';
import { Upstream } from '@gatewright/core/wire';
import { options, type Options } from './options.ts';
import { adjustmentFor } from './quirks.ts';

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders(options: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers)) fixed[name.toLowerCase()] = value;
  if (options.apiKey !== undefined) {
    const { authScheme: scheme, apiKey } = options;
    fixed[options.authHeader.toLowerCase()] = scheme === '' ? apiKey : `${scheme} ${apiKey}`;
  }
  return fixed;
}

function pathOf(options: Options): string {
  const query = new URLSearchParams(options.query).toString();
  return query === '' ? options.chatPath : `${options.chatPath}?${query}`;
}

function chatOf({ quirks }: Options): ProviderOperation {
  const adjust = adjustmentFor(quirks);
  const operation = { dialect: 'openai-chat', streamUsage: quirks.streamUsage };
  return adjust === undefined ? operation : { ...operation, adjust };
}

export default definePlugin({
  name: '@gatewright/provider-openai-compatible',
  version: '0.1.0',
  engine: '^1',
  id: 'openai-compatible',
  options,
  supports: { operations: ['chat'], streaming: true },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.baseUrl}`,
      () => new Upstream({ baseUrl: options.baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options);
    const path = pathOf(options);
    context.hooks.call.tap(
      (attempt) => {
        const headers: Record<string, string> = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers, ...fixed };
        // A credential of the client must not go on, also where this server wants none.
        if (fixed['authorization'] === undefined) delete headers['authorization'];
        return upstream.send(attempt, { path, headers });
      },
      { operations: { chat: chatOf(options) } },
    );
  },
});
