/** The bytes that clients send and the upstream answers with, of the sizes and shapes that chats have. */

/** The key that the gateways under test know. */
export const KEY = 'gw-bench-key-0123456789abcdef';

/** A virtual key, of the same length. */
export const VIRTUAL_KEY = 'sk-bench-key-0123456789abcdef';

/** The models, by what the upstream does when it is asked for them. Names from the price catalogue, so that costs are computed. */
export const MODELS = { whole: 'gpt-4o', burst: 'gpt-4.1', slow: 'gpt-4o-mini', flood: 'gpt-4.1-mini' } as const;

/** What the upstream can do: answer whole, send a stream as fast as it can, or one event every so often, or megabytes. */
export type Manner = keyof typeof MODELS;

const QUESTION = 'What should a person who visits the old town on a rainy afternoon see first, and where is it dry? ';
const SENTENCE = 'Begin under the arcades of the market square, for the shops there are old and the roof is whole. ';

/** A chat request in the form of OpenAI's chat completions, padded to about `size` bytes. */
export function chatRequest(model: string, size: number, stream = false): Buffer {
  const body = (text: string): string =>
    JSON.stringify({
      model,
      messages: [
        { role: 'system', content: 'You answer in a few plain sentences.' },
        { role: 'user', content: text },
      ],
      temperature: 0.2,
      max_completion_tokens: 256,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    });
  return Buffer.from(body(filled(QUESTION, size - body('').length)));
}

/** A chat request with an image in it, of about `size` bytes. */
export function imageRequest(model: string, size: number): Buffer {
  const url = `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(Math.ceil(size / 24))}`;
  const content = [
    { type: 'text', text: QUESTION },
    { type: 'image_url', image_url: { url } },
  ];
  return Buffer.from(JSON.stringify({ model, messages: [{ role: 'user', content }], max_completion_tokens: 256 }));
}

/** The same in the form of Anthropic's messages. */
export function imageMessages(model: string, size: number): Buffer {
  const data = 'iVBORw0KGgoAAAANSUhEUgAA'.repeat(Math.ceil(size / 24));
  const content = [
    { type: 'text', text: QUESTION },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
  ];
  return Buffer.from(JSON.stringify({ model, max_tokens: 256, messages: [{ role: 'user', content }] }));
}

/** A long conversation with tools: many short strings, numbers and levels. */
export function conversation(model: string, size: number): Buffer {
  const tools = Array.from({ length: 8 }, (_value, index) => tool(`look_up_${index}`));
  const turn = [
    { role: 'user', content: QUESTION },
    { role: 'assistant', content: null, tool_calls: [toolCall()] },
    { role: 'tool', tool_call_id: 'call_Bench0123456789abcdefgh', content: '{"open":true,"rain":0.4}' },
    { role: 'assistant', content: SENTENCE },
  ];
  const length = JSON.stringify(turn).length;
  const messages = Array.from({ length: Math.max(1, Math.round(size / length)) }, () => turn).flat();
  return Buffer.from(JSON.stringify({ model, messages, tools, temperature: 0.2 }));
}

function tool(name: string): object {
  const properties = { street: { type: 'string', description: 'Its name.' }, number: { type: 'integer', minimum: 1 } };
  const parameters = { type: 'object', properties, required: ['street'], additionalProperties: false };
  return { type: 'function', function: { name, description: 'Looks up a house.', parameters, strict: true } };
}

function toolCall(): object {
  const call = { name: 'look_up_3', arguments: '{"street":"Market","number":12}' };
  return { id: 'call_Bench0123456789abcdefgh', type: 'function', function: call };
}

/** The same question in the form of Anthropic's messages. */
export function messagesRequest(model: string, size: number, stream = false): Buffer {
  const body = (text: string): string =>
    JSON.stringify({
      model,
      max_tokens: 256,
      system: 'You answer in a few plain sentences.',
      messages: [{ role: 'user', content: text }],
      temperature: 0.2,
      ...(stream ? { stream: true } : {}),
    });
  return Buffer.from(body(filled(QUESTION, size - body('').length)));
}

/** A whole chat completion of about `size` bytes. */
export function chatReply(size = 800): Buffer {
  const body = (content: string): string =>
    JSON.stringify({
      id: 'chatcmpl-Bench0123456789abcdefghijk',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'gpt-4o-2024-08-06',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: usage(),
      service_tier: 'default',
      system_fingerprint: 'fp_0123456789',
    });
  return Buffer.from(body(filled(SENTENCE, size - body('').length)));
}

/** A streamed chat completion as its server-sent events: `events` of them, the role, the stop, the usage and the end mark included. */
export function chatEvents(events = 100): Buffer[] {
  const words = SENTENCE.split(' ');
  const content = Array.from({ length: events - 4 }, (_value, index) =>
    choiceEvent({ content: ` ${words[index % words.length]}` }, null),
  );
  return [
    choiceEvent({ role: 'assistant', content: '', refusal: null }, null),
    ...content,
    choiceEvent({}, 'stop'),
    event({ choices: [], usage: usage() }),
    Buffer.from('data: [DONE]\n\n'),
  ];
}

/** One event of content, as a slow stream repeats it. */
export function contentEvent(): Buffer {
  return choiceEvent({ content: ' arcades' }, null);
}

function choiceEvent(delta: object, finish: string | null): Buffer {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], usage: null });
}

function event(rest: object): Buffer {
  const data = {
    id: 'chatcmpl-Bench0123456789abcdefghijk',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
    ...rest,
  };
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}

function usage(): object {
  return {
    prompt_tokens: 84,
    completion_tokens: 96,
    total_tokens: 180,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

function filled(text: string, length: number): string {
  return text.repeat(Math.max(1, Math.ceil(length / text.length))).slice(0, Math.max(1, length));
}
