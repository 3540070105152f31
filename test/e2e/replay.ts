/** Replays recorded chat answers through a gateway to the official OpenAI client. */
import type OpenAI from 'openai';
import type { Recording } from './recordings.ts';
import { EVENT_STREAM, JSON_BODY, type Answer } from './upstream.ts';

/** Settings that some servers know by other names. */
const SETTINGS = { max_completion_tokens: 99, seed: 7 };

/** What the recording's server would have answered, byte by byte as it was. */
export function answerOf({ status, stream, body }: Recording): Answer {
  return { status, headers: stream ? EVENT_STREAM : JSON_BODY, chunks: [body] };
}

/** What the recording says, in the client's form: a body, or the events of a stream. */
export function recorded({ stream, body }: Recording): unknown {
  const text = body.toString();
  if (!stream) return JSON.parse(text) as unknown;
  const frames = text.split(/\r?\n\r?\n/).map((frame) => /^data: ?(.*)$/m.exec(frame)?.[1]);
  return frames.filter((data) => data !== undefined && data !== '[DONE]').map((data) => asRead(data ?? ''));
}

/** The client gives each choice of a chunk a `finish_reason`, also where the server sent none. */
function asRead(data: string): unknown {
  const chunk = JSON.parse(data) as { choices?: object[] };
  const choices = chunk.choices?.map((choice) => ({ finish_reason: null, ...choice }));
  return choices === undefined ? chunk : { ...chunk, choices };
}

/** Asks for the recorded kind of answer, with every setting that some server wants otherwise. Rejects with the client's error. */
export async function ask(client: OpenAI, model: string, { stream }: Recording): Promise<unknown> {
  const request: OpenAI.ChatCompletionCreateParams = {
    model,
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: 'Hello!' },
    ],
    ...SETTINGS,
  };
  if (!stream) return client.chat.completions.create({ ...request, stream: false });
  const usage = { include_usage: true };
  const chunks: unknown[] = [];
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true, stream_options: usage }))
    chunks.push(chunk);
  return chunks;
}
