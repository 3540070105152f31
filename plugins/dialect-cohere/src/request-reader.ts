/** Reads the body of a chat into the neutral request. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { decodeMessages } from './messages-reader.ts';
import { CHAT } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { decodeFormat } from './response-format.ts';
import { extra, omit, restFields } from './rest.ts';
import { decodeThinking } from './thinking.ts';
import { decodeChoice, decodeTools } from './tools.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<ChatRequest>;

/** Fields that are always understood. */
const KNOWN = [
  'model',
  'messages',
  'stream',
  'max_tokens',
  'stop_sequences',
  'temperature',
  'p',
  'k',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'tools',
  'strict_tools',
  'tool_choice',
  'response_format',
  'thinking',
];

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRequest(body: JsonObject): ChatRequest {
  const at = Reading.request();
  const { stream } = body;
  const { messages, cited } = decodeMessages(body, at);
  const request: Draft = {
    model: at.at('model').string(body['model']),
    messages,
    stream: isMissing(stream) ? false : at.at('stream').boolean(stream),
  };
  // This dialect always tells the usage.
  if (request.stream) request.streamUsage = true;
  const settings = readSettings(body, request, at);
  readSampling(body, request, at);
  const needless = harmless(body, request);
  const kept = { $stream: stream === false ? false : undefined, $extra: extra(needless), ...settings };
  const known = [...KNOWN, ...Object.keys(needless), ...(cited ? ['documents'] : [])];
  // Always there, also when empty: it says that the request was read in this dialect.
  request.rest = { dialect: CHAT, fields: restFields(body, omit(body, ...known), kept) };
  return request;
}

/** Fields that say no more than what the API does without them; another dialect may leave them out. */
function harmless(body: JsonObject, { tools = [] }: ChatRequest): JsonObject {
  const { documents, safety_mode: safety, citation_options: citations, strict_tools: strict } = body;
  const { logprobs, k, priority } = body;
  const isStrict = strict === true && tools.some((tool) => tool.kind === 'function');
  const off = isObject(citations) && ['OFF', 'DISABLED'].includes(String(citations['mode']));
  return {
    ...(Array.isArray(documents) && documents.length === 0 ? { documents } : {}),
    ...(safety === 'CONTEXTUAL' ? { safety_mode: safety } : {}),
    ...(off && Object.keys(citations).length === 1 ? { citation_options: citations } : {}),
    ...(isMissing(strict) || isStrict ? {} : { strict_tools: strict }),
    ...(logprobs === false ? { logprobs } : {}),
    ...(k === 0 ? { k } : {}),
    ...(priority === 0 ? { priority } : {}),
  };
}

function readSampling(body: JsonObject, request: Draft, at: Reading): void {
  const number = (key: string): number | undefined => (isMissing(body[key]) ? undefined : at.at(key).number(body[key]));
  const { max_tokens: limit, k, stop_sequences: stop } = body;
  if (!isMissing(limit)) request.maxOutput = at.at('max_tokens').count(limit);
  if (!isMissing(k) && k !== 0) request.topK = at.at('k').count(k);
  const settings = {
    temperature: number('temperature'),
    topP: number('p'),
    seed: number('seed'),
    frequencyPenalty: number('frequency_penalty'),
    presencePenalty: number('presence_penalty'),
  };
  for (const [key, value] of Object.entries(settings))
    if (value !== undefined) Object.assign(request, { [key]: value });
  if (!isMissing(body['logprobs']) && at.at('logprobs').boolean(body['logprobs'])) request.logprobs = {};
  if (isMissing(stop)) return;
  const place = at.at('stop_sequences');
  request.stop = place.list(stop).map((sequence, index) => place.at(index).string(sequence));
}

/** Reads tools, format and thinking; answers with what goes into the rest. */
function readSettings(body: JsonObject, request: Draft, at: Reading): JsonObject {
  const { tools, strict_tools: strictTools, tool_choice: choice, response_format: format, thinking } = body;
  const strict = !isMissing(strictTools) && at.at('strict_tools').boolean(strictTools);
  const kept: JsonObject = {};
  if (!isMissing(tools)) request.tools = decodeTools(tools, strict, at.at('tools'));
  if (!isMissing(choice)) request.toolChoice = decodeChoice(choice, at.at('tool_choice'));
  if (!isMissing(format)) {
    const decoded = decodeFormat(format, at.at('response_format'));
    request.responseFormat = decoded.format;
    Object.assign(kept, decoded.kept);
  }
  if (!isMissing(thinking)) {
    const decoded = decodeThinking(thinking, at.at('thinking'));
    request.reasoning = decoded.reasoning;
    Object.assign(kept, decoded.kept);
  }
  return kept;
}
