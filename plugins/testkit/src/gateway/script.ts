/** What the models of a test gateway answer. */
import {
  bytesReply,
  GatewayError,
  NO_USAGE,
  type ChatEvent,
  type ChatResponse,
  type Usage,
  type WireReply,
} from '@gatewright/core';
import { frameOf } from './neutral-chat.ts';

/** One answer; a text alone is an answer that says it. */
export interface Script {
  /** The text, or the pieces in which a stream brings it. Default: a greeting. */
  readonly text?: string | readonly string[];
  /** What it used. Default: ten tokens in, five out. */
  readonly usage?: Partial<Usage>;
  /** An error of the provider instead, with this status. */
  readonly status?: number;
  /** The connection breaks behind the text, before the answer has ended. */
  readonly cut?: boolean;
}

export const GREETING = 'Good day to you.';

/** The bytes of the answer as a provider would send them. */
export function replyTo(
  script: Script,
  { stream, model, id }: { stream: boolean; model: string; id: string },
): WireReply {
  const { text = GREETING, status = 200, cut = false } = script;
  if (status !== 200) {
    const body = JSON.stringify({ error: { message: `It answered ${status}.` } });
    return bytesReply(status, { 'content-type': 'application/json' }, [Buffer.from(body)]);
  }
  const pieces = typeof text === 'string' ? [text] : text;
  const usage = { ...NO_USAGE, input: 10, output: 5, ...script.usage };
  if (!stream) {
    const response: ChatResponse = {
      id,
      model,
      candidates: [{ index: 0, parts: [{ type: 'text', text: pieces.join('') }], stop: { reason: 'stop' } }],
      usage,
    };
    return bytesReply(200, { 'content-type': 'application/json' }, [Buffer.from(JSON.stringify(response))]);
  }
  const content: ChatEvent[] = [
    { type: 'start', id, model },
    { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
    ...pieces.map((text): ChatEvent => ({ type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text } })),
  ];
  const ending: ChatEvent[] = [
    { type: 'part-end', candidate: 0, index: 0 },
    { type: 'stop', candidate: 0, stop: { reason: 'stop' } },
    { type: 'usage', usage },
    { type: 'end' },
  ];
  const chunks = [...content, ...(cut ? [] : ending)].map((event) => Buffer.from(frameOf(event)));
  const reply = bytesReply(200, { 'content-type': 'text/event-stream' }, chunks);
  return cut ? broken(reply) : reply;
}

/** The same bytes, and then the connection breaks. */
function broken({ status, headers, body }: WireReply): WireReply {
  return {
    status,
    headers,
    body: {
      pipe: (sink) => {
        const error = (): void => sink.error(new GatewayError('GW_UPSTREAM_CUT', 'The connection broke.'));
        body.pipe({ data: (chunk) => sink.data(chunk), end: error, error });
      },
      pause: () => body.pause(),
      resume: () => body.resume(),
      cancel: () => body.cancel(),
    },
  };
}
