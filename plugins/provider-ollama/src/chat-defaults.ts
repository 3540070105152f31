/** What the configuration says of every chat that does not say it itself. */
import type { JsonObject } from '@gatewright/core';

export interface ChatDefaults {
  readonly keepAlive?: string | number | undefined;
  readonly numCtx?: number | undefined;
  readonly options: JsonObject;
}

type Change = (body: JsonObject) => JsonObject;

/** Undefined where nothing is to be added, so that bytes can pass untouched. */
export function withDefaults({ keepAlive, numCtx, options }: ChatDefaults): Change | undefined {
  const defaults: JsonObject = { ...options, ...(numCtx === undefined ? {} : { num_ctx: numCtx }) };
  const hasOptions = Object.keys(defaults).length > 0;
  if (keepAlive === undefined && !hasOptions) return undefined;
  return (body) => {
    const own = typeof body['options'] === 'object' ? body['options'] : undefined;
    return {
      ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
      ...body,
      ...(hasOptions ? { options: { ...defaults, ...own } } : {}),
    };
  };
}
