/** The members of a response besides its output: what it tells of itself, and what it repeats of the request. */
import type { ChatResponse, EncodeContext, JsonObject, Stop, Usage } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { QUIET } from '../quiet-context.ts';
import { isNote } from '../rest.ts';
import { answerTier } from '../tier.ts';
import { instructionsOf } from './messages-encode.ts';
import { responseId } from './minted.ts';
import { writtenSettings } from './request-encode.ts';
import { addOwnFields, isOwn, ownFields } from './rest.ts';
import { encodeStatus } from './status.ts';
import { encodeUsage } from './usage.ts';

/** The note that holds what an answer repeats of its request, and what only tells how its server works. */
const ECHO = '$echo';

/** What an answer repeats of its request, with what stands there where nothing was said. */
const REPEATED: Readonly<JsonObject> = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  store: false,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

/** Members of an answer that say nothing of it to other dialects. */
const ASIDE: ReadonlySet<string> = new Set([
  ...Object.keys(REPEATED),
  'completed_at',
  'conversation',
  'presence_penalty',
  'frequency_penalty',
  'prompt',
  'prompt_cache_retention',
  'prompt_cache_options',
  'billing',
  'tool_usage',
  'input',
  'output_text',
]);

/** Members that are read into the neutral form. */
const READ: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created_at',
  'status',
  'incomplete_details',
  'error',
  'model',
  'output',
  'usage',
  'service_tier',
]);

/** The members of an answer that are not read into the neutral form. */
export function unread(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([key]) => !READ.has(key) && key !== '__proto__' && !isNote(key)),
  );
}

/** The fields of an answer's rest. What it repeats is set aside, and so is what says nothing. */
export function echoed(body: JsonObject): JsonObject {
  const echo: JsonObject = {};
  const told: JsonObject = {};
  const fields = unread(body);
  for (const key of Object.keys(fields)) (ASIDE.has(key) || fields[key] === null ? echo : told)[key] = fields[key];
  return { ...told, [ECHO]: echo };
}

/** What the encoder of an answer or a stream knows of it. */
export interface Head {
  readonly response: Pick<ChatResponse, 'id' | 'model' | 'created' | 'serviceTier' | 'rest'>;
  readonly stop: Stop | undefined;
  readonly usage: Usage | undefined;
}

/** All members but the output, which is empty here. `model` is the name to tell. */
export function headOf({ response, stop, usage }: Head, model: string, context: EncodeContext): JsonObject {
  const own = isOwn(response.rest);
  const head: JsonObject = {
    id: own ? response.id : responseId(response.id),
    object: 'response',
    created_at: response.created ?? 0,
    ...encodeStatus(stop),
    error: null,
    ...(own ? {} : repeated(context)),
    model,
    output: [],
    usage: usageOf(usage),
  };
  const tier = answerTier(response.serviceTier, own);
  if (tier !== undefined) head['service_tier'] = tier;
  addOwnFields(head, response.rest);
  const echo = ownFields(response.rest)[ECHO];
  if (isObject(echo)) for (const key of Object.keys(echo)) if (!(key in head)) head[key] = echo[key];
  return head;
}

/** Adds to the members of an answer that it has ended. */
export function endHead(head: JsonObject, stop: Stop, usage: Usage | undefined): void {
  Object.assign(head, encodeStatus(stop), { usage: usageOf(usage) });
}

const usageOf = (usage: Usage | undefined): JsonObject | null => (usage === undefined ? null : encodeUsage(usage));

/** What an answer of another dialect repeats, read off the request that it answers. */
function repeated(context: EncodeContext): JsonObject {
  const request = context.request?.();
  if (request === undefined || !isOwn(request.rest)) return REPEATED;
  const asked = writtenSettings(request, QUIET);
  asked['instructions'] = instructionsOf(request.messages);
  const echo: JsonObject = {};
  for (const key of Object.keys(REPEATED)) echo[key] = asked[key] ?? REPEATED[key];
  // Whoever answered keeps nothing.
  echo['store'] = false;
  echo['tools'] = (echo['tools'] as unknown[]).map(complete);
  return echo;
}

/** Functions may leave out what an answer always has. */
function complete(tool: unknown): unknown {
  return isObject(tool) && tool['type'] === 'function' ? { parameters: null, strict: false, ...tool } : tool;
}
