/** How servers differ from OpenAI's dialects, as data: each quirk is an option and a change of the body. */
import { GatewayError, type JsonObject, type Target } from '@gatewright/core';
import { z } from 'zod';

/** The quirks as options. What is not said is as in the dialect: without any, the server differs in nothing. */
export const quirks = z.strictObject({
  streamUsage: z
    .boolean()
    .optional()
    .describe(
      'The server understands `stream_options` (it does unless said otherwise). Where false, the field is never sent.',
    ),
  maxTokensField: z
    .enum(['max_completion_tokens', 'max_tokens'])
    .optional()
    .describe('The only name that the server knows for the output limit; the other is renamed to it.'),
  developerRole: z
    .enum(['developer', 'system'])
    .optional()
    .describe('The only role that the server takes instructions in; the other is renamed to it.'),
  flattenContent: z
    .boolean()
    .optional()
    .describe('Content that is a list of texts is sent as one string; lists with anything else stay lists.'),
  toolChoiceRequired: z
    .enum(['required', 'any', 'unsupported'])
    .optional()
    .describe(
      'How the server is told that some tool must be called: `required` unless said otherwise; `unsupported`: such requests are refused.',
    ),
  floatEmbeddings: z
    .boolean()
    .optional()
    .describe(
      'The server writes vectors as numbers, whatever it is asked for; clients that want base64 get it from the gateway.',
    ),
  dataRerank: z
    .enum(['top_k', 'top_n'])
    .optional()
    .describe(
      "The server answers a rerank with `data` in place of Cohere's `results`; this is what it calls the number of results wanted.",
    ),
  dropFields: z.array(z.string().min(1)).optional().describe('Top-level fields that are never sent.'),
  renameFields: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('Top-level fields that have another name at this server: `theirs` under `ours`.'),
});

export type Quirks = z.output<typeof quirks>;

type Change = (body: JsonObject, target: Target) => JsonObject;

/** The change that a server's quirks ask for; undefined where none does, so that bytes can pass untouched. */
export function adjustmentFor(quirks: Quirks): Change | undefined {
  const changes = [
    limitField(quirks),
    instructionRole(quirks),
    contentShape(quirks),
    toolChoice(quirks),
    fieldNames(quirks),
  ].filter((change) => change !== undefined);
  if (changes.length === 0) return undefined;
  return (body, target) => changes.reduce((changed, change) => change(changed, target), body);
}

function limitField({ maxTokensField: known }: Quirks): Change | undefined {
  if (known === undefined) return undefined;
  const unknown = known === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return (body) => renamed(body, (field) => (field === unknown ? known : field));
}

function instructionRole({ developerRole: known }: Quirks): Change | undefined {
  if (known === undefined) return undefined;
  const unknown = known === 'system' ? 'developer' : 'system';
  return (body) =>
    withMessages(body, (message) => (message['role'] === unknown ? { ...message, role: known } : message));
}

function contentShape({ flattenContent = false }: Quirks): Change | undefined {
  if (!flattenContent) return undefined;
  return (body) =>
    withMessages(body, (message) => {
      const { content } = message;
      if (!Array.isArray(content) || !content.every(isText)) return message;
      return { ...message, content: content.map(({ text }) => text).join('\n') };
    });
}

function toolChoice({ toolChoiceRequired: known = 'required' }: Quirks): Change | undefined {
  if (known === 'required') return undefined;
  return (body, target) => {
    if (body['tool_choice'] !== 'required') return body;
    if (known === 'any') return { ...body, tool_choice: 'any' };
    if (target.unsupported === 'drop') return renamed(body, (field) => (field === 'tool_choice' ? undefined : field));
    throw new GatewayError('GW_UNSUPPORTED', `${target.id} cannot be told that some tool must be called.`, {
      param: 'tool_choice',
      target: target.id,
      help: 'Ask with tool_choice "auto" or name the tool, or set `unsupported: drop` on the target.',
    });
  };
}

function fieldNames({ streamUsage = true, dropFields = [], renameFields = {} }: Quirks): Change | undefined {
  const dropped = new Set(streamUsage ? dropFields : [...dropFields, 'stream_options']);
  const names = new Map(Object.entries(renameFields));
  if (dropped.size === 0 && names.size === 0) return undefined;
  return (body) => renamed(body, (field) => (dropped.has(field) ? undefined : (names.get(field) ?? field)));
}

/** The object with other names for its fields; undefined leaves one out. A field that has the new name already wins. */
function renamed(body: JsonObject, nameOf: (field: string) => string | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [field, value] of Object.entries(body)) {
    const name = nameOf(field);
    if (name === undefined || (name !== field && Object.hasOwn(body, name))) continue;
    result[name] = value;
  }
  return result;
}

function withMessages(body: JsonObject, change: (message: JsonObject) => JsonObject): JsonObject {
  const { messages } = body;
  if (!Array.isArray(messages)) return body;
  return {
    ...body,
    messages: (messages as unknown[]).map((message) => (isObject(message) ? change(message) : message)),
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function isText(part: unknown): part is { text: string } {
  return isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string';
}
