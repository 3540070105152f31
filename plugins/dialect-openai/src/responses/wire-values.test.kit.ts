/** Generated requests and answers as they stand on the wire, sensible or not, as far as they are not refused. */
import type { JsonObject } from '@gatewright/core';
import fc from 'fast-check';

const word = fc.string({ minLength: 1, maxLength: 8 }).filter((one) => one !== '__proto__');
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)) as unknown);

/** A record of which all but the named keys may be missing, and to which others may be added. */
function some(fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []): fc.Arbitrary<JsonObject> {
  const extras = fc.dictionary(
    word.map((key) => `x_${key}`),
    value,
    { maxKeys: 1 },
  );
  return fc
    .tuple(fc.record(fields, { requiredKeys: required }), fc.option(extras, { nil: {}, freq: 4 }))
    .map(([known, unknown]) => Object.assign({}, known, unknown));
}

const constant = (one: unknown): fc.Arbitrary<unknown> => fc.constant(one);
const orNull = (one: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(one, { freq: 5 });

const annotation = some({ type: constant('url_citation'), url: fc.webUrl(), start_index: fc.nat() }, ['type']);
const logprob = some({ token: word, logprob: fc.integer(), bytes: constant([1]), top_logprobs: constant([]) }, [
  'token',
]);

const outputText = some(
  {
    type: constant('output_text'),
    text,
    annotations: fc.array(annotation, { maxLength: 2 }),
    logprobs: fc.array(logprob, { maxLength: 1 }),
  },
  ['type', 'text'],
);
const refusal = some({ type: constant('refusal'), refusal: text }, ['type', 'refusal']);
const inputText = some(
  { type: constant('input_text'), text, prompt_cache_breakpoint: constant({ mode: 'explicit' }) },
  ['type', 'text'],
);
const image = some(
  {
    type: constant('input_image'),
    image_url: fc.constantFrom('https://a.example/b.png', 'data:image/png;base64,AAAA'),
    detail: fc.constantFrom('auto', 'low'),
    file_id: constant(null),
  },
  ['type', 'image_url'],
);
const storedImage = some({ type: constant('input_image'), file_id: word, detail: fc.constantFrom('auto', 'high') }, [
  'type',
  'file_id',
]);
const file = some(
  {
    type: constant('input_file'),
    filename: word,
    file_data: fc.constantFrom('data:application/pdf;base64,AAAA', 'AAAA'),
  },
  ['type', 'file_data'],
);
const otherFile = fc.oneof(
  some({ type: constant('input_file'), file_url: fc.webUrl() }, ['type', 'file_url']),
  some({ type: constant('input_file'), file_id: word, filename: word }, ['type', 'file_id']),
  some({ type: constant('input_file'), file_id: word, file_url: fc.webUrl() }, ['type', 'file_id', 'file_url']),
);
const strange = some({ type: constant('input_smell'), smell: text }, ['type']);

const given = fc.oneof(
  text,
  fc.array(fc.oneof(inputText, image, storedImage, file, otherFile, strange), { maxLength: 3 }),
);
const said = fc.oneof(text, fc.array(fc.oneof(outputText, refusal, strange), { maxLength: 3 }));

const status = fc.constantFrom('in_progress', 'completed', 'incomplete');
const id = orNull(word);

const message = some(
  { type: constant('message'), role: fc.constantFrom('user', 'system', 'developer'), content: given, status, id },
  ['role', 'content'],
);
const assistant = some(
  {
    type: constant('message'),
    role: constant('assistant'),
    content: said,
    status,
    id,
    phase: fc.constantFrom('commentary', 'final_answer'),
  },
  ['role', 'content'],
);
const call = some(
  {
    type: constant('function_call'),
    call_id: word,
    name: word,
    arguments: fc.json({ maxDepth: 1 }),
    id,
    status,
    namespace: word,
  },
  ['type', 'call_id', 'name', 'arguments'],
);
const result = some({ type: constant('function_call_output'), call_id: word, output: given, id, status }, [
  'type',
  'call_id',
  'output',
]);
const summary = fc.array(some({ type: constant('summary_text'), text }, ['type', 'text']), { maxLength: 2 });
const reasoning = some(
  {
    type: constant('reasoning'),
    id,
    summary,
    content: fc.array(some({ type: constant('reasoning_text'), text }, ['type', 'text']), { maxLength: 2 }),
    encrypted_content: orNull(word),
    status,
  },
  ['type', 'summary'],
);
const own = fc.oneof(
  some({ type: constant('web_search_call'), id: word, status, action: value }, ['type', 'id']),
  some({ type: constant('custom_tool_call'), call_id: word, name: word, input: text }, ['type', 'call_id']),
  some({ type: constant('custom_tool_call_output'), call_id: word, output: text }, ['type', 'call_id']),
  some({ type: constant('item_reference'), id: word }, ['id']),
);

const tool = fc.oneof(
  some(
    {
      type: constant('function'),
      name: word,
      description: text,
      parameters: orNull(constant({ type: 'object' })),
      strict: orNull(fc.boolean()),
    },
    ['type', 'name'],
  ),
  some({ type: constant('web_search'), filters: value }, ['type']),
);
const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'),
  some({ type: constant('function'), name: word }, ['type', 'name']),
  some({ type: constant('allowed_tools'), mode: constant('auto'), tools: constant([]) }, ['type']),
  some({ type: constant('mcp'), server_label: word }, ['type']),
);
const format = fc.oneof(
  some({ type: constant('text') }, ['type']),
  some({ type: constant('json_object') }, ['type']),
  some(
    {
      type: constant('json_schema'),
      name: word,
      schema: constant({ type: 'object' }),
      strict: orNull(fc.boolean()),
      description: text,
    },
    ['type', 'name', 'schema'],
  ),
  some({ type: constant('grammar') }, ['type']),
);

/** The body of a request. */
export const requestBody = some(
  {
    model: constant('m'),
    input: fc.oneof(text, fc.array(fc.oneof(message, assistant, call, result, reasoning, own), { maxLength: 6 })),
    instructions: orNull(text),
    tools: orNull(fc.array(tool, { maxLength: 3 })),
    tool_choice: orNull(choice),
    parallel_tool_calls: orNull(fc.boolean()),
    text: orNull(some({ format, verbosity: fc.constantFrom('low', 'medium', 'high') })),
    reasoning: orNull(
      some({
        effort: fc.constantFrom('none', 'low', 'xhigh'),
        summary: constant('auto'),
        generate_summary: orNull(constant('concise')),
        context: fc.constantFrom('auto', 'all_turns'),
      }),
    ),
    max_output_tokens: orNull(fc.nat()),
    temperature: orNull(fc.constantFrom(0, 1, 1.5)),
    top_p: orNull(fc.constantFrom(0, 1)),
    top_logprobs: orNull(fc.nat(20)),
    metadata: orNull(fc.dictionary(word, fc.oneof(word, value), { maxKeys: 2 })),
    include: orNull(
      fc.uniqueArray(
        fc.constantFrom('reasoning.encrypted_content', 'message.output_text.logprobs', 'web_search_call.results'),
        { maxLength: 3 },
      ),
    ),
    store: orNull(fc.boolean()),
    stream: orNull(fc.boolean()),
    stream_options: orNull(constant({ include_obfuscation: false })),
    truncation: orNull(fc.constantFrom('auto', 'disabled')),
    service_tier: orNull(fc.constantFrom('auto', 'flex', 'default')),
    prompt_cache_key: orNull(word),
    safety_identifier: orNull(word),
    user: orNull(word),
    background: orNull(fc.boolean()),
    conversation: orNull(fc.oneof(word, constant({ id: 'conv_1' }))),
    prompt: orNull(constant({ id: 'pmpt_1' })),
    previous_response_id: orNull(word),
  },
  ['model'],
);

/** The body of an answer. */
export const answerBody = some(
  {
    id: word,
    object: constant('response'),
    created_at: fc.nat(),
    status: fc.constantFrom('completed', 'incomplete', 'in_progress', 'queued', 'cancelled'),
    error: constant(null),
    incomplete_details: orNull(some({ reason: fc.constantFrom('max_output_tokens', 'content_filter', 'else') })),
    model: constant('m'),
    output: fc.array(fc.oneof(assistant, call, reasoning, own), { maxLength: 4 }),
    usage: orNull(
      some({
        input_tokens: fc.nat(),
        input_tokens_details: some({ cached_tokens: fc.nat() }),
        output_tokens: fc.nat(),
        output_tokens_details: some({ reasoning_tokens: fc.nat() }),
        total_tokens: fc.nat(),
      }),
    ),
    service_tier: orNull(fc.constantFrom('default', 'flex')),
    instructions: orNull(text),
    tools: fc.array(tool, { maxLength: 2 }),
    metadata: orNull(value),
    temperature: orNull(fc.constantFrom(0, 1)),
    billing: value,
  },
  ['id', 'model', 'output'],
);
