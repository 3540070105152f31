/** Which tools the model must call: `toolConfig.functionCallingConfig` (https://ai.google.dev/gemini-api/docs/function-calling). */
import type { ChatRequest, JsonObject, ToolChoice } from '@gatewright/core';
import { GENERATE } from './names.ts';
import { nested, restoreNested } from './rest.ts';
import { isMissing, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedChoice {
  readonly toolChoice?: ToolChoice;
  /** For the rest of the request. */
  readonly kept: JsonObject;
}

const KINDS: Readonly<Record<string, 'auto' | 'none' | 'required'>> = { AUTO: 'auto', NONE: 'none', ANY: 'required' };
const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const;

export function decodeToolConfig(value: unknown, at: Reading): DecodedChoice {
  const config = at.fields(value);
  const { functionCallingConfig: calling } = config;
  const kept = nested('toolConfig', config, ['functionCallingConfig']);
  if (isMissing(calling)) return { kept };
  return { toolChoice: decodeCalling(at.at('functionCallingConfig').fields(calling)), kept };
}

/** One allowed function is a tool that must be called; other ways to allow some are this dialect's own. */
function decodeCalling(calling: JsonObject): ToolChoice {
  const { mode, allowedFunctionNames: names, ...others } = calling;
  const kind = typeof mode === 'string' && Object.hasOwn(KINDS, mode) ? KINDS[mode] : undefined;
  if (kind !== undefined && Object.keys(others).length === 0) {
    if (names === undefined) return { kind };
    const [name] = Array.isArray(names) && names.length === 1 ? (names as unknown[]) : [];
    if (kind === 'required' && typeof name === 'string') return { kind: 'tool', name };
  }
  return { kind: 'opaque', dialect: GENERATE, value: calling };
}

/** `toolConfig` as JSON; undefined where nothing is said of it. */
export function encodeToolConfig(request: ChatRequest, at: Writing): JsonObject | undefined {
  const { toolChoice, parallelTools } = request;
  if (parallelTools === false && toolChoice?.kind !== 'none' && (request.tools?.length ?? 0) > 0) {
    at.at('parallel_tool_calls').unsupported('This dialect cannot keep the model from calling several tools at once.');
  }
  const calling = toolChoice === undefined ? undefined : encodeChoice(toolChoice, at.at('tool_choice'));
  return restoreNested('toolConfig', calling === undefined ? {} : { functionCallingConfig: calling }, request.rest);
}

function encodeChoice(choice: ToolChoice, at: Writing): unknown {
  switch (choice.kind) {
    case 'opaque':
      if (choice.dialect === GENERATE) return choice.value;
      at.unsupported(`Only the dialect ${choice.dialect} has this choice.`);
      return undefined;
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    default:
      return { mode: MODES[choice.kind] };
  }
}
