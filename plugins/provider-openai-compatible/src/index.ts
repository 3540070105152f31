/** Calls any server that speaks OpenAI's dialects. */
import { definePlugin } from '@gatewright/core';
import { CredentialMask, Upstream, sentHeaders } from '@gatewright/core/wire';
import { endpointOf, OPERATIONS, operationsOf } from './operations.ts';
import { options } from './options.ts';
import { PRESETS } from './presets/table.ts';
import { settingsOf } from './settings.ts';

export type { Preset } from './presets/preset.ts';
export { PRESETS } from './presets/table.ts';

export default definePlugin({
  name: '@gatewright/provider-openai-compatible',
  version: '0.1.0',
  engine: '^1',
  id: 'openai-compatible',
  options,
  supports: {
    operations: [],
    operationsIfConfigured: [...OPERATIONS, 'kept'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: [...new Set(PRESETS.map(({ baseUrl }) => new URL(baseUrl).hostname))],
  },
  setup(context, options) {
    const { baseUrl, headers: fixed, chatPath, query, operations, quirks } = settingsOf(options);
    const upstream = context.share(
      `upstream ${baseUrl}`,
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    const configured = [...Object.values(options.headers), ...Object.values(options.query)];
    const mask = new CredentialMask([options.apiKey ?? ''], configured);
    context.hooks.call.tap(
      (attempt) => {
        const headers = sentHeaders(attempt, fixed);
        const path = endpointOf(attempt.dialect, chatPath) + query;
        return upstream.send(attempt, { path, headers, mask });
      },
      { operations: operationsOf(operations, quirks) },
    );
  },
});
