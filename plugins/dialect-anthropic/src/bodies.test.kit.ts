/** Generates bodies in this dialect: requests and answers as a client or the API may write them, oddities included. */
import type { JsonObject } from '@gatewright/core';
import fc from 'fast-check';

type Fields = Record<string, fc.Arbitrary<unknown>>;

const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const word = fc.constantFrom('alpha', 'beta', 'gamma');
const text = fc.oneof(fc.string(), fc.constantFrom('', ' ', 'Hello', 'naïve ☕ 𝄞'));
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);

/** Fields that no version of the API has yet, and names that are used inside the codec. */
const unknown = fc.dictionary(fc.constantFrom('x_new', 'future', '$null', '$content', '$extra'), json, { maxKeys: 2 });

/** An object with these fields, some of the optional ones, null in their place, and fields that nobody knows. */
function object(required: Fields, optional: Fields = {}): fc.Arbitrary<JsonObject> {
  const nullable = Object.fromEntries(
    Object.entries(optional).map(([key, value]) => [
      key,
      fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }),
    ]),
  );
  const model = { ...required, ...nullable };
  const known = fc.record(model, { requiredKeys: Object.keys(required) }) as fc.Arbitrary<JsonObject>;
  return fc
    .tuple(known, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: unknown }))
    .map(([fields, more]) => Object.assign({}, more, fields));
}

const is = (type: string): Fields => ({ type: fc.constant(type) });

const cache = fc.oneof(
  fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '5m' }, { type: 'ephemeral', ttl: '1h' }),
  fc.constantFrom({ type: 'ephemeral', ttl: '1d' }, { type: 'persistent' }, { type: 'ephemeral', scope: 'org' }),
);

const citation = fc.record({ type: fc.constant('char_location'), cited_text: text, document_index: fc.nat(3) });

const textBlock = object(
  { ...is('text'), text },
  { cache_control: cache, citations: fc.array(citation, { maxLength: 2 }) },
);

const imageSource = fc.oneof(
  object({ ...is('base64'), media_type: fc.constant('image/png'), data: fc.base64String() }),
  object({ ...is('url'), url: fc.webUrl() }),
  object({ ...is('file'), file_id: id }),
  object(is('hologram')),
);
const imageBlock = object({ ...is('image'), source: imageSource }, { cache_control: cache });

const documentSource = fc.oneof(
  object({ ...is('base64'), media_type: fc.constant('application/pdf'), data: fc.base64String() }),
  object({ ...is('text'), media_type: fc.constant('text/plain'), data: text }),
  object({ ...is('content'), content: fc.oneof(text, fc.array(fc.oneof(textBlock, imageBlock), { maxLength: 2 })) }),
  object({ ...is('url'), url: fc.webUrl() }),
  object({ ...is('file'), file_id: id }),
);
const documentBlock = object(
  { ...is('document'), source: documentSource },
  { title: text, context: text, citations: fc.record({ enabled: fc.boolean() }), cache_control: cache },
);

const input = fc.dictionary(word, json, { maxKeys: 3 });
const caller = fc.constantFrom({ type: 'direct' }, { type: 'code_execution_20250825', tool_id: 'srvtoolu_1' });
const toolUse = object({ ...is('tool_use'), id, name: word, input }, { caller, cache_control: cache });

const resultContent = fc.oneof(text, fc.array(fc.oneof(textBlock, imageBlock, documentBlock), { maxLength: 2 }));
const toolResult = object(
  { ...is('tool_result'), tool_use_id: id },
  { content: resultContent, is_error: fc.boolean(), cache_control: cache },
);

const thinking = object({ ...is('thinking'), thinking: text }, { signature: text });
const redacted = object({ ...is('redacted_thinking'), data: text });
const serverBlock = fc.oneof(
  object({ ...is('server_tool_use'), id, name: word, input }, { cache_control: cache }),
  object({ ...is('web_search_tool_result'), tool_use_id: id, content: fc.array(json, { maxLength: 2 }) }),
  object({ ...is('compaction') }, { content: text }),
  object(is('not_invented_yet')),
);

const userBlock = fc.oneof(textBlock, imageBlock, documentBlock, toolResult, serverBlock);
const assistantBlock = fc.oneof(textBlock, thinking, redacted, toolUse, serverBlock);
const content = (block: fc.Arbitrary<JsonObject>): fc.Arbitrary<unknown> =>
  fc.oneof(text, fc.array(block, { maxLength: 3 }));

const message = fc.oneof(
  object({ role: fc.constant('user'), content: content(userBlock) }),
  object({ role: fc.constant('assistant'), content: content(assistantBlock) }),
  object({ role: fc.constant('system') }, { content: content(textBlock), clear_at: word }),
);

const tool = fc.oneof(
  object(
    { name: word, input_schema: object(is('object'), { properties: fc.dictionary(word, json) }) },
    {
      type: fc.constant('custom'),
      description: text,
      strict: fc.boolean(),
      eager_input_streaming: fc.boolean(),
      defer_loading: fc.boolean(),
      cache_control: cache,
    },
  ),
  object({ ...is('web_search_20260318'), name: fc.constant('web_search') }, { max_uses: fc.nat(5) }),
);

const single = { disable_parallel_tool_use: fc.boolean() };
const toolChoice = fc.oneof(
  object(is('auto'), single),
  object(is('any'), single),
  object({ ...is('tool'), name: word }, single),
  object(is('none')),
  object(is('dance')),
);

const thinkingSettings = fc.oneof(
  object({ ...is('enabled'), budget_tokens: fc.integer({ min: 1024, max: 9000 }) }, { display: word }),
  object(is('disabled')),
  object(is('adaptive'), { display: fc.constantFrom('summarized', 'omitted') }),
  object(is('between_tools')),
);

const format = fc.oneof(
  fc.record({ type: fc.constant('json_schema'), schema: object(is('object')) }),
  object({ ...is('json_schema'), schema: object(is('object')) }),
  object(is('grammar')),
);
const outputConfig = object({}, { effort: fc.constantFrom('low', 'max', 'ludicrous'), format, task_budget: json });

const prompt: Fields = {
  system: fc.oneof(text, fc.array(textBlock, { maxLength: 2 })),
  tools: fc.array(tool, { maxLength: 3 }),
  tool_choice: toolChoice,
  thinking: thinkingSettings,
  output_config: outputConfig,
  output_format: format,
  cache_control: cache,
  context_management: json,
  container: fc.oneof(id, json),
};

const sampling: Fields = {
  temperature: fc.constantFrom(0, 0.5, 1, 1.5),
  top_p: fc.constantFrom(0, 0.9, 1),
  top_k: fc.integer({ min: -1, max: 50 }),
  stop_sequences: fc.array(text, { maxLength: 3 }),
  stream: fc.boolean(),
  metadata: object({}, { user_id: text }),
  service_tier: fc.constantFrom('auto', 'standard_only', 'flex'),
};

const core: Fields = { model: word, messages: fc.array(message, { maxLength: 4 }) };

/** Bodies of `POST /v1/messages`. */
export const chatBody = object({ ...core, max_tokens: fc.nat() }, { ...prompt, ...sampling });

/** Bodies of `POST /v1/messages/count_tokens`. */
export const countBody = object(core, prompt);

const usage = object(
  { input_tokens: fc.nat(9999), output_tokens: fc.nat(9999) },
  {
    cache_creation_input_tokens: fc.nat(999),
    cache_read_input_tokens: fc.nat(999),
    cache_creation: fc.record({ ephemeral_5m_input_tokens: fc.nat(99), ephemeral_1h_input_tokens: fc.nat(99) }),
    output_tokens_details: fc.record({ thinking_tokens: fc.nat(99) }),
    service_tier: fc.constantFrom('standard', 'priority', 'batch'),
  },
);

const reason = fc.constantFrom('end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'refusal', 'pause_turn', 'bored');

/** Answers as the API gives them. */
export const messageBody = object(
  {
    ...is('message'),
    id,
    role: fc.constant('assistant'),
    model: word,
    content: fc.array(assistantBlock, { maxLength: 4 }),
    stop_reason: reason,
  },
  {
    stop_sequence: word,
    stop_details: fc.record({ type: fc.constant('refusal'), category: word }),
    usage,
    container: fc.record({ id, expires_at: word }),
    context_management: json,
  },
);
