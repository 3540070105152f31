/** A dialect whose bytes are the neutral form itself, as JSON: for tests of what stands between surfaces and providers. */
import {
  GatewayError,
  NO_USAGE,
  Sight,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  type Codec,
  type Dialect,
  type JsonObject,
  type StreamCodec,
  type StreamObserver,
  type Summary,
  type Surface,
  type Usage,
} from '@gatewright/core';
import type { Edit, Frame, Outline } from '@gatewright/core/wire';

const ID = 'testkit-chat';

/** The bytes of one event of a stream. */
export function frameOf(event: ChatEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** What the neutral form has in JSON is what it has in memory. */
const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

function renamed(body: Outline, model: string): readonly Edit[] {
  const member = body.member('model');
  if (member === undefined || body.value('model') === model) return [];
  return [{ start: member.start, end: member.end, text: JSON.stringify(model) }];
}

/** Undefined where the frame is none of ours. */
function eventOf(frame: Frame): ChatEvent | undefined {
  try {
    const value = frame.json() as { readonly type?: unknown } | null;
    return typeof value?.type === 'string' ? (value as ChatEvent) : undefined;
  } catch {
    return undefined;
  }
}

function decoded(frame: Frame): readonly ChatEvent[] {
  const event = eventOf(frame);
  if (event === undefined) throw new GatewayError('GW_UPSTREAM_INVALID', 'A frame of the stream is no event.');
  return [event];
}

/** An error may be anything, also a page of a proxy. */
function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    return undefined;
  }
}

class Observer implements StreamObserver {
  summary: Summary = {};

  see(frame: Frame): number {
    const event = eventOf(frame);
    if (event === undefined) return Sight.MALFORMED;
    switch (event.type) {
      case 'part-start':
      case 'part-delta':
        return Sight.CONTENT;
      case 'usage':
        this.summary = { ...this.summary, usage: event.usage };
        return Sight.NOTHING;
      case 'stop':
        this.summary = { ...this.summary, stop: event.stop };
        return Sight.STOP;
      case 'error':
        this.summary = { ...this.summary, error: { status: event.status, message: event.message } };
        return Sight.ERROR;
      case 'end':
        return Sight.END;
      default:
        return Sight.NOTHING;
    }
  }
}

function errorFrame({ status, message, code }: GatewayError): string {
  return frameOf({ type: 'error', status, message, code });
}

const stream: StreamCodec<'chat'> = {
  decoder: () => ({ push: decoded, end: () => [] }),
  encoder: () => ({ push: frameOf }),
  observer: () => new Observer(),
  endFrames: frameOf({ type: 'end' }),
  encodeError: errorFrame,
};

const codec: Codec<'chat'> = {
  decodeRequest(body) {
    if (!Array.isArray(body['messages'])) {
      throw new GatewayError('GW_BAD_REQUEST', 'messages: must be a list.', { param: 'messages' });
    }
    return { stream: false, ...body } as unknown as ChatRequest;
  },
  encodeRequest: (request, { model }) => asJson({ ...request, model }),
  decodeResponse: (body) => body as unknown as ChatResponse,
  encodeResponse: (response, { model }) => asJson({ ...response, model }),
  readHead(body) {
    const model = body.value('model');
    return { ...(typeof model === 'string' && { model }), stream: body.value('stream') === true };
  },
  editRequest: (body, { model }) => ({ edits: renamed(body, model), usageInjected: false }),
  editResponse: (body, { model }) => renamed(body, model),
  summarize(body) {
    const { id, model, usage } = body.json() as { id?: string; model?: string; usage?: Usage };
    return { ...(id !== undefined && { id }), ...(model !== undefined && { model }), usage: usage ?? NO_USAGE };
  },
  stream,
  decodeError: (status, body) => ({ status, message: messageIn(body.toString('utf8')) ?? `It answered ${status}.` }),
  encodeError: ({ code, message, status }, requestId) => ({ error: { code, message, status, requestId } }),
};

export const neutralChat: Dialect<'chat'> = { id: ID, operation: 'chat', codec, requestHeaders: [], replyHeaders: [] };

export const neutralSurface: Surface = { id: ID, dialect: ID, method: 'POST', path: '/testkit/chat' };
