/** Small answers of both dialects, written by hand from the providers' documentation. */

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'gpt-upstream-2026',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

export const OPENAI_HELLO = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-upstream-2026',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello there', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
});

/** The frames of a streamed "Hello there". */
export const OPENAI_STREAM = {
  role: chunk({ role: 'assistant', content: '' }),
  hello: chunk({ content: 'Hello' }),
  there: chunk({ content: ' there' }),
  stop: chunk({}, 'stop'),
  usage: `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'gpt-upstream-2026',
    choices: [],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  })}\n\n`,
  done: 'data: [DONE]\n\n',
};

/** All of them, in order. */
export const OPENAI_FRAMES: readonly string[] = Object.values(OPENAI_STREAM);

export const textChunk = (text: string): string => chunk({ content: text });

const frame = (event: Record<string, unknown> & { type: string }): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

export const ANTHROPIC_HELLO = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-upstream-2026',
  content: [{ type: 'text', text: 'Hello there' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 2 },
});

export const ANTHROPIC_STREAM = {
  start: frame({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-upstream-2026',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 9, output_tokens: 1 },
    },
  }),
  block: frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ping: frame({ type: 'ping' }),
  hello: frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
  there: frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' there' } }),
  blockStop: frame({ type: 'content_block_stop', index: 0 }),
  delta: frame({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 2 },
  }),
  stop: frame({ type: 'message_stop' }),
};

export const ANTHROPIC_FRAMES: readonly string[] = Object.values(ANTHROPIC_STREAM);
