/** The gateway's own errors, in the API's form. */
import type { GatewayError, GatewayErrorCode, JsonObject } from '@gatewright/core';

/** The API's own codes for what clients are known to look for. */
const CODES: { readonly [C in GatewayErrorCode]?: string } = { GW_CONTEXT_LENGTH: 'context_length_exceeded' };

/** `{error: {message, type, param, code}}`. A provider's error keeps its own message, type, code and param. */
export function encodeError(error: GatewayError): JsonObject {
  const { upstream, param } = error.details;
  return {
    error: {
      message: upstream?.message ?? error.message,
      type: upstream?.type ?? typeOf(error.status),
      param: param ?? upstream?.param ?? null,
      code: upstream?.code ?? CODES[error.code] ?? error.code,
    },
  };
}

/** The frame that ends a stream with an error. Nothing follows it, no `[DONE]` either: that would say it went well. */
export function encodeErrorFrame(error: GatewayError): string {
  return `data: ${JSON.stringify(encodeError(error))}\n\n`;
}

/** The type that goes with a status. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 402) return 'insufficient_quota';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 400 && status < 500 ? 'invalid_request_error' : 'server_error';
}
