/** Errors in this dialect's form: `{error: "…"}`. */
import type { GatewayError, JsonObject, UpstreamError } from '@gatewright/core';
import { errorReply } from '@gatewright/core/wire';
import { isObject } from './reading.ts';

export function encodeError(error: GatewayError): JsonObject {
  return { error: error.message };
}

/** What the API says without a code, and the codes that clients of most other dialects know it by. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/model ['"][^'"]*['"] not found/i, 'model_not_found'],
  [/input (?:length )?exceeds|exceeds? (?:the )?(?:maximum |available )?context/i, 'context_length_exceeded'],
];

const MISSING_MODEL = /model ['"]([\w./:-]+)['"] not found/i;

/** The error in a JSON value; undefined where there is none. In a stream, nothing tells the status. */
export function errorIn(value: unknown, status = 500): UpstreamError | undefined {
  if (!isObject(value)) return undefined;
  const { error } = value;
  const told = isObject(error) ? error['message'] : error;
  if (typeof told !== 'string' || told === '') return undefined;
  const code = CODES.find(([words]) => words.test(told))?.[1];
  return { status, message: withHelp(told), ...(code === undefined ? {} : { code }) };
}

/** Who asks for a model that is not there is told how it gets there. */
function withHelp(message: string): string {
  const model = MISSING_MODEL.exec(message)?.[1];
  return model === undefined ? message : `${message}. On the machine that runs Ollama: ollama pull ${model}`;
}

/** Reads an error reply, whatever its body is. */
export function decodeError(status: number, body: Buffer): UpstreamError {
  return errorReply(status, body, (value) => errorIn(value, status));
}
