/** What sound costs: tokens, or its seconds. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { isObject } from '../json-value.ts';

type Speaker = 'text' | 'sound';

/**
 * Reads `{type: 'tokens', input_tokens, input_token_details, output_tokens}` or `{type: 'duration', seconds}`; undefined
 * where the value is neither. What comes out is a text or a sound: the block does not say which.
 */
export function decodeUsage(value: unknown, dialect: string, out: Speaker): Usage | undefined {
  if (!isObject(value)) return undefined;
  const raw = { dialect, value };
  if (value['seconds'] !== undefined) return { ...NO_USAGE, units: { seconds: amount(value['seconds']) }, raw };
  if (value['input_tokens'] === undefined && value['output_tokens'] === undefined) return undefined;
  const details = isObject(value['input_token_details']) ? value['input_token_details'] : {};
  const input = Math.round(amount(value['input_tokens']));
  const audioInput = Math.min(input, Math.round(amount(details['audio_tokens'])));
  const output = Math.round(amount(value['output_tokens']));
  const spent = out === 'text' ? { output } : { audioOutput: output };
  return { ...NO_USAGE, input: input - audioInput, audioInput, ...spent, raw };
}

/** Writes a usage block: the provider's own where it is of this dialect. */
export function encodeUsage(usage: Usage, dialect: string): JsonObject {
  const { raw, units } = usage;
  if (raw?.dialect === dialect) return raw.value;
  const input = inputTokens(usage);
  const output = outputTokens(usage);
  if (input + output === 0 && units?.seconds !== undefined) return { type: 'duration', seconds: units.seconds };
  return {
    type: 'tokens',
    input_tokens: input,
    input_token_details: { text_tokens: input - usage.audioInput, audio_tokens: usage.audioInput },
    output_tokens: output,
    total_tokens: input + output,
  };
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
