/** The body of a management request: JSON, and not too much of it. */
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@gatewright/core';

/** How long it may take to arrive, in milliseconds, is the server's business; how large it may be, in bytes, is `limit`. */
export async function readBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (size > limit) throw error;
    throw new GatewayError('GW_CLIENT_CLOSED', 'The client left before its request was complete.', { cause: error });
  }
  if (size === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new GatewayError('GW_UNSUPPORTED_MEDIA_TYPE', 'Send JSON, with "content-type: application/json".');
  }
  return parsed(Buffer.concat(chunks));
}

function parsed(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new GatewayError('GW_INVALID_JSON', 'The request body is not valid JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new GatewayError('GW_BAD_REQUEST', 'The request body must be a JSON object.');
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('GW_BODY_TOO_LARGE', `The request body is over the limit of ${limit} bytes.`);
}
