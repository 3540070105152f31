/** Reads the frames of a streamed answer into neutral events. */
import { GatewayError, type ChatEvent, type EventDecoder, type JsonObject, type Part } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { decodeCall, planPart } from './answer.ts';
import { decodeBlock } from './content-reader.ts';
import { decodeLogprobs } from './logprobs.ts';
import { CHAT } from './names.ts';
import { OpenPart } from './open-part.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { extra, omit, restFields, withRest } from './rest.ts';
import { decodeStop } from './stop.ts';
import { isDone, streamError } from './stream-error.ts';
import { decodeUsage } from './usage.ts';

const at = Reading.reply();

/** What is said of a stream that begins another answer before the first one's end. */
export const SPLICED = 'The provider began a second answer in the middle of the first.';

/** Contents and calls are each counted from 0 here; the neutral form counts all parts together. */
export class StreamDecoder implements EventDecoder<ChatEvent> {
  readonly #contents = new Map<number, OpenPart>();
  readonly #calls = new Map<number, OpenPart>();
  #plan: OpenPart | undefined;
  #next = 0;
  #id: unknown;
  #started = false;
  /** What was read cannot be told apart from here on. */
  #broken: GatewayError | undefined;

  push(frame: Frame): readonly ChatEvent[] {
    if (this.#broken !== undefined) throw this.#broken;
    if (isDone(frame)) return [...this.end(), { type: 'end' }];
    const event = parse(frame);
    const error = streamError(event);
    if (error !== undefined) return [{ type: 'error', ...error }];
    const type = event['type'] ?? frame.event;
    switch (type) {
      case 'message-start':
        return this.#start(event);
      case 'content-start':
        return this.#contentStart(event);
      case 'content-delta':
        return this.#contentDelta(event);
      case 'content-end':
        return close(this.#contents, indexOf(event));
      case 'tool-plan-delta':
        return this.#planDelta(event);
      case 'tool-call-start':
        return this.#callStart(event);
      case 'tool-call-delta':
        return this.#callDelta(event);
      case 'tool-call-end':
        return close(this.#calls, indexOf(event));
      case 'citation-start':
        return this.#citation(event);
      case 'citation-end':
        return [];
      case 'message-end':
        return this.#messageEnd(event);
      default:
        if (typeof type !== 'string' || type === '') throw at.at('type').fail('is missing; it must be a string');
        return [{ type: 'opaque', dialect: CHAT, event: type, value: event }];
    }
  }

  end(): readonly ChatEvent[] {
    const contents = [...this.#contents.keys()].flatMap((index) => close(this.#contents, index));
    const plan = this.#planEnd();
    return [...contents, ...plan, ...[...this.#calls.keys()].flatMap((index) => close(this.#calls, index))];
  }

  #start(event: JsonObject = {}): ChatEvent[] {
    if (this.#started) return this.#startAgain(event);
    this.#started = true;
    this.#id = event['id'];
    const message = messageOf(event);
    const fields = restFields(event, omit(event, 'type', 'id', 'delta'), { $message: extra(message) });
    const id = isMissing(this.#id) ? '' : at.at('id').string(this.#id);
    // Always with a rest, also when it is empty: it says that the stream was read in this dialect.
    return [{ type: 'start', id, model: '', rest: { dialect: CHAT, fields } }];
  }

  /** A repeated start is harmless; one of another answer is not. */
  #startAgain(event: JsonObject): ChatEvent[] {
    if (this.#next === 0 || event['id'] === this.#id) return [];
    this.#broken = new GatewayError('GW_UPSTREAM_INVALID', SPLICED);
    throw this.#broken;
  }

  /** The events that begin a part: some servers leave out the start of the message. */
  #open(part: Part, into: (open: OpenPart) => void): ChatEvent[] {
    const started = this.#started ? [] : this.#start();
    const open = new OpenPart(this.#next++, part);
    into(open);
    return [...started, open.begin()];
  }

  #contentStart(event: JsonObject): ChatEvent[] {
    const index = indexOf(event);
    const place = at.at('delta').at('message').at('content');
    const content = place.object(messageOf(event)['content']);
    const type = content['type'] ?? ('thinking' in content ? 'thinking' : 'text');
    const whole = type === 'text' || type === 'thinking' ? { ...content, type, [type]: content[type] ?? '' } : content;
    const before = [...this.#planEnd(), ...close(this.#contents, index)];
    return [...before, ...this.#open(decodeBlock(whole, place), (open) => this.#contents.set(index, open))];
  }

  #contentDelta(event: JsonObject): ChatEvent[] {
    const index = indexOf(event);
    const content = at.at('delta').at('message').at('content').object(messageOf(event)['content']);
    const { text, thinking } = content;
    const part: Part =
      typeof thinking === 'string' ? { type: 'reasoning', text: '', origin: CHAT } : { type: 'text', text: '' };
    const opened = this.#contents.has(index) ? [] : this.#open(part, (open) => this.#contents.set(index, open));
    const open = this.#contents.get(index) as OpenPart;
    const beside = besideOf(event, content);
    if (open.part.type === 'opaque') {
      return [...opened, open.delta({ kind: 'opaque', dialect: CHAT, value: content }, beside)];
    }
    if (typeof thinking === 'string') return [...opened, open.delta({ kind: 'reasoning', text: thinking }, beside)];
    const told = at.at('delta').at('message').at('content').at('text').string(text);
    return [...opened, open.delta({ kind: 'text', text: told }, beside)];
  }

  #planDelta(event: JsonObject): ChatEvent[] {
    const { tool_plan: plan } = messageOf(event);
    const text = at.at('delta').at('message').at('tool_plan').string(plan);
    const opened = this.#plan === undefined ? this.#open(planPart(''), (open) => (this.#plan = open)) : [];
    const open = this.#plan as unknown as OpenPart;
    return [...opened, open.delta({ kind: 'text', text })];
  }

  #planEnd(): ChatEvent[] {
    const plan = this.#plan;
    this.#plan = undefined;
    return plan === undefined ? [] : plan.end();
  }

  #callStart(event: JsonObject): ChatEvent[] {
    const index = indexOf(event);
    const place = at.at('delta').at('message').at('tool_calls');
    const call = place.object(messageOf(event)['tool_calls']);
    const { function: found } = call;
    const told = isObject(found) && typeof found['arguments'] === 'string' ? found['arguments'] : '';
    const part = decodeCall(call, index, place);
    const before = [...this.#planEnd(), ...close(this.#calls, index)];
    const begun: Part = part.type === 'tool-call' ? { ...part, arguments: told } : part;
    return [...before, ...this.#open(begun, (open) => this.#calls.set(index, open))];
  }

  #callDelta(event: JsonObject): ChatEvent[] {
    const index = indexOf(event);
    const open = this.#calls.get(index);
    if (open === undefined) throw at.at('index').fail(`call ${index} has not begun, or has ended`);
    const place = at.at('delta').at('message').at('tool_calls');
    const call = place.object(messageOf(event)['tool_calls']);
    if (open.part.type === 'opaque') return [open.delta({ kind: 'opaque', dialect: CHAT, value: call })];
    const { arguments: text } = place.at('function').object(call['function']);
    return open.argue(place.at('function').at('arguments').string(text), undefined);
  }

  /** A citation of the text that is being written; the index of its event only counts citations. */
  #citation(event: JsonObject): ChatEvent[] {
    const { citations: item } = messageOf(event);
    const open = [...this.#contents.values()].findLast(({ part }) => part.type === 'text') ?? this.#plan;
    if (open === undefined || item === undefined) {
      return [{ type: 'opaque', dialect: CHAT, event: 'citation-start', value: event }];
    }
    return [open.delta({ kind: 'citation', dialect: CHAT, item })];
  }

  #messageEnd(event: JsonObject): ChatEvent[] {
    const delta = at.at('delta').object(event['delta']);
    const word = delta['finish_reason'];
    const stop = decodeStop(word);
    if (stop === undefined) throw at.at('delta').at('finish_reason').fail('is missing; it must be a string');
    const rest = withRest(delta, omit(delta, 'finish_reason', 'usage'), {
      $event: extra(omit(event, 'type', 'delta')),
    });
    const usage = decodeUsage(delta['usage']);
    const started = this.#started ? [] : this.#start();
    const stopped: ChatEvent = { type: 'stop', candidate: 0, stop: { ...stop, ...rest } };
    return [...started, ...this.end(), stopped, ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }])];
  }
}

function indexOf(event: JsonObject): number {
  return at.at('index').count(event['index']);
}

function messageOf(event: JsonObject): JsonObject {
  const { delta } = event;
  return isObject(delta) && isObject(delta['message']) ? delta['message'] : {};
}

function close(parts: Map<number, OpenPart>, index: number): ChatEvent[] {
  const open = parts.get(index);
  parts.delete(index);
  return open === undefined ? [] : open.end();
}

/** What a delta of content has besides its text: log probabilities, and what nobody knows, in it and beside it. */
function besideOf(event: JsonObject, content: JsonObject): Parameters<OpenPart['delta']>[1] {
  if (Object.keys(content).length === 1 && Object.keys(event).length === 3) return undefined;
  const { logprobs } = event;
  const { rest } = withRest(content, omit(content, 'text', 'thinking'), {
    $logprobs: isMissing(logprobs) ? undefined : logprobs,
    $event: extra(omit(event, 'type', 'index', 'delta', 'logprobs')),
  });
  return { logprobs: isMissing(logprobs) ? undefined : decodeLogprobs(logprobs), rest };
}

function parse(frame: Frame): JsonObject {
  try {
    return at.at('event').object(frame.json());
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const message = `The provider sent an event that is not JSON: ${cause.message}`;
    throw new GatewayError('GW_UPSTREAM_INVALID', message, { cause });
  }
}
