/** What an answer means, read off the JSON of either dialect by the providers' documentation and by no code of the gateway. */

type Json = Record<string, unknown>;

export interface Meaning {
  readonly text: string;
  readonly refusal: string;
  readonly reasoning: string;
  /** The client's own tools that are called, with their arguments parsed. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  /** The provider's word for why it stopped. */
  readonly stop: string | undefined;
  /** All tokens that went in, those of them read from and written to a cache, and all that came out. */
  readonly usage: { readonly input: number; readonly read: number; readonly written: number; readonly output: number };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Arguments as a client reads them: JSON, and nothing where a call has none. */
function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text and the thinking in a `content`: a string, or the parts that some servers send. */
function contentOf(content: unknown): { text: string; thinking: string } {
  if (!Array.isArray(content)) return { text: textOf(content), thinking: '' };
  const parts = listOf(content);
  const text = parts.map((part) => textOf(part['text'])).join('');
  const thinking = parts.flatMap((part) => listOf(part['thinking'])).map((part) => textOf(part['text']));
  return { text, thinking: thinking.join('') };
}

/** The usage block of a completion: the totals, and the cached tokens wherever the server puts them. */
function openaiUsage(usage: Json): Meaning['usage'] {
  const prompt = objectOf(usage['prompt_tokens_details']);
  const input = numberOf(usage['prompt_tokens']);
  const completion = numberOf(usage['completion_tokens']);
  // xAI counts reasoning beside the completion; only the total tells.
  const beside = numberOf(usage['total_tokens']) - input - completion;
  return {
    input,
    read: numberOf(prompt['cached_tokens'] ?? usage['prompt_cache_hit_tokens'] ?? usage['cached_tokens']),
    written: numberOf(prompt['cache_write_tokens'] ?? prompt['cache_creation_input_tokens']),
    output: completion + Math.max(0, beside),
  };
}

/** The first choice of a chat completion. */
export function openaiMeaning(completion: unknown): Meaning {
  const body = objectOf(completion);
  const [choice = {}] = listOf(body['choices']);
  const message = objectOf(choice['message']);
  const { text, thinking } = contentOf(message['content']);
  const legacy = isObject(message['function_call']) ? [{ function: message['function_call'] }] : [];
  const calls = [...legacy, ...listOf(message['tool_calls'])].filter((call) => isObject(call['function']));
  return {
    text,
    refusal: textOf(message['refusal']),
    reasoning: textOf(message['reasoning_content'] || message['reasoning']) + thinking,
    calls: calls.map((call) => {
      const { name, arguments: text } = objectOf(call['function']);
      return { name: textOf(name), input: parsed(textOf(text)) };
    }),
    stop: typeof choice['finish_reason'] === 'string' ? choice['finish_reason'] : undefined,
    usage: openaiUsage(objectOf(body['usage'])),
  };
}

/** The JSON of every frame of a stream, in order. */
export function framesOf(raw: string): Json[] {
  const data = raw.split('\n').filter((line) => line.startsWith('data: {'));
  return data.map((line) => JSON.parse(line.slice(6)) as Json);
}

/** The message that the chunks of a stream add up to, as a completion. */
export function gatherChunks(chunks: readonly unknown[]): Json {
  const message: Json = { content: '', refusal: '', reasoning_content: '' };
  const calls: { slot: unknown; id: string; function: { name: string; arguments: string } }[] = [];
  let thinking = '';
  let stop: unknown;
  let usage: unknown;
  for (const chunk of chunks.map(objectOf)) {
    usage = chunk['usage'] ?? objectOf(chunk['x_groq'])['usage'] ?? usage;
    const choice = listOf(chunk['choices']).find(({ index }) => index === 0 || index === undefined);
    if (choice === undefined) continue;
    stop = choice['finish_reason'] ?? stop;
    const delta = objectOf(choice['delta']);
    const content = contentOf(delta['content']);
    thinking += content.thinking;
    message['content'] = `${textOf(message['content'])}${content.text}`;
    message['refusal'] = `${textOf(message['refusal'])}${textOf(delta['refusal'])}`;
    const reasoning = textOf(delta['reasoning_content'] || delta['reasoning']);
    message['reasoning_content'] = `${textOf(message['reasoning_content'])}${reasoning}`;
    for (const call of listOf(delta['tool_calls'])) gatherCall(calls, call);
    if (isObject(delta['function_call'])) gatherCall(calls, { index: -1, function: delta['function_call'] });
  }
  message['reasoning_content'] = `${textOf(message['reasoning_content'])}${thinking}`;
  message['tool_calls'] = calls;
  return { choices: [{ index: 0, message, finish_reason: stop ?? null }], usage };
}

function gatherCall(
  calls: { slot: unknown; id: string; function: { name: string; arguments: string } }[],
  delta: Json,
): void {
  const part = objectOf(delta['function']);
  const slot = delta['index'];
  const known = slot === undefined ? undefined : calls.find((call) => call.slot === slot);
  const call = known ?? { slot, id: textOf(delta['id']), function: { name: '', arguments: '' } };
  if (known === undefined) calls.push(call);
  call.function.name ||= textOf(part['name']);
  call.function.arguments += textOf(part['arguments']);
}

/** The message that the events of a stream add up to. */
export function gatherEvents(events: readonly unknown[]): Json {
  const message: Json = {};
  const blocks = new Map<unknown, { block: Json; input: string }>();
  for (const event of events.map(objectOf)) {
    const { type, index } = event;
    if (type === 'message_start') Object.assign(message, objectOf(event['message']));
    // A message that was whole at once stands in its start.
    if (type === 'message_start')
      listOf(message['content']).forEach((block, at) => blocks.set(at, { block, input: '' }));
    if (type === 'content_block_start')
      blocks.set(index, { block: { ...objectOf(event['content_block']) }, input: '' });
    if (type === 'content_block_delta') gatherDelta(blocks.get(index), objectOf(event['delta']));
    if (type !== 'message_delta') continue;
    Object.assign(message, objectOf(event['delta']));
    const told = Object.entries(objectOf(event['usage'])).filter(([, value]) => value !== null);
    message['usage'] = { ...objectOf(message['usage']), ...Object.fromEntries(told) };
  }
  const whole = (block: Json, input: string): Json => (input === '' ? block : { ...block, input: parsed(input) });
  message['content'] = [...blocks.values()].map(({ block, input }) => whole(block, input));
  return message;
}

function gatherDelta(open: { block: Json; input: string } | undefined, delta: Json): void {
  if (open === undefined) return;
  for (const key of ['text', 'thinking']) {
    if (delta[key] !== undefined) open.block[key] = `${textOf(open.block[key])}${textOf(delta[key])}`;
  }
  open.input += textOf(delta['partial_json']);
}

/** A compaction is billed like the answer, but stands in an entry of its own. */
function anthropicUsage(usage: Json): Meaning['usage'] {
  const compactions = listOf(usage['iterations']).filter(({ type }) => type === 'compaction');
  const sum = (key: string): number =>
    [usage, ...compactions].reduce((total, entry) => total + numberOf(entry[key]), 0);
  const read = sum('cache_read_input_tokens');
  const written = sum('cache_creation_input_tokens');
  return { input: sum('input_tokens') + read + written, read, written, output: sum('output_tokens') };
}

/** A message, whole or as the SDK gathered it. */
export function anthropicMeaning(value: unknown): Meaning {
  const message = objectOf(value);
  const blocks = listOf(message['content']);
  const joined = (type: string, key: string): string =>
    blocks
      .filter((block) => block['type'] === type)
      .map((block) => textOf(block[key]))
      .join('');
  return {
    text: joined('text', 'text'),
    refusal: '',
    reasoning: joined('thinking', 'thinking'),
    calls: blocks.filter(({ type }) => type === 'tool_use').map(({ name, input }) => ({ name: textOf(name), input })),
    stop: typeof message['stop_reason'] === 'string' ? message['stop_reason'] : undefined,
    usage: anthropicUsage(objectOf(message['usage'])),
  };
}

/** Types of blocks that chat completions have something for. */
const SHARED: ReadonlySet<string> = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);

/** The types of blocks in a message that chat completions have nothing for. */
export function foreignBlocks(value: unknown): string[] {
  return listOf(objectOf(value)['content'])
    .map(({ type }) => textOf(type))
    .filter((type) => !SHARED.has(type));
}
