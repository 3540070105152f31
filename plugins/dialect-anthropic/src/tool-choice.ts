/** Which tools the model must call, and whether several at once. */
import type { ChatRequest, JsonObject, ToolChoice } from '@gatewright/core';
import { MESSAGES } from './names.ts';
import { isMissing, type Reading } from './reading.ts';
import { nested, restoreNested } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedChoice {
  readonly toolChoice: ToolChoice;
  readonly parallelTools?: boolean;
  readonly kept?: JsonObject;
}

const KINDS = { auto: 'auto', any: 'required', none: 'none' } as const;
const TYPES = { auto: 'auto', required: 'any', none: 'none' } as const;

export function decodeToolChoice(value: unknown, at: Reading): DecodedChoice {
  const choice = at.object(value);
  const type = at.at('type').string(choice['type']);
  const toolChoice = choiceOf(type, choice, at);
  if (toolChoice === undefined) return { toolChoice: { kind: 'opaque', dialect: MESSAGES, value: choice } };
  const single = choice['disable_parallel_tool_use'];
  return {
    toolChoice,
    ...(isMissing(single) ? {} : { parallelTools: !at.at('disable_parallel_tool_use').boolean(single) }),
    kept: nested('tool_choice', choice, ['type', 'name', 'disable_parallel_tool_use']),
  };
}

function choiceOf(type: string, choice: JsonObject, at: Reading): ToolChoice | undefined {
  if (type === 'tool') return { kind: 'tool', name: at.at('name').string(choice['name']) };
  return Object.hasOwn(KINDS, type) ? { kind: KINDS[type as keyof typeof KINDS] } : undefined;
}

/** The choice as JSON; undefined where there is nothing to say, or no tool to say it of. */
export function encodeToolChoice(request: ChatRequest, at: Writing): JsonObject | undefined {
  const { toolChoice, parallelTools } = request;
  if (!at.own && (request.tools ?? []).length === 0) return undefined;
  if (toolChoice === undefined) {
    return parallelTools === false ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  }
  if (toolChoice.kind === 'opaque') {
    if (toolChoice.dialect === MESSAGES) return toolChoice.value as JsonObject;
    at.unsupported(`Only the dialect ${toolChoice.dialect} has this choice.`);
    return undefined;
  }
  const known: JsonObject =
    toolChoice.kind === 'tool' ? { type: 'tool', name: toolChoice.name } : { type: TYPES[toolChoice.kind] };
  // Where no tool may be called there is nothing to call at once, and the API takes no such field.
  if (parallelTools !== undefined && (at.own || (toolChoice.kind !== 'none' && !parallelTools))) {
    known['disable_parallel_tool_use'] = !parallelTools;
  }
  return restoreNested('tool_choice', known, request.rest) ?? known;
}
