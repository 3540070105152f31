/** Turns the frames of a streamed answer into neutral events. */
import {
  GatewayError,
  type ChatEvent,
  type JsonObject,
  type Part,
  type StartEvent,
  type UpstreamError,
} from '@gatewright/core';
import type { Frame, SteadyInner, TextDelta } from '@gatewright/core/wire';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { RESPONSES } from './dialect-id.ts';
import { failureOfEvent, isFailure } from './error-event.ts';
import { badReply } from './fault.ts';
import { decodeItem } from './item-decode.ts';
import { headFields, isCall } from './response-decode.ts';
import { decodeStatus } from './status.ts';
import { ItemReader } from './stream-item.ts';
import { FINAL, noted } from './stream-notes.ts';
import { decodeUsage } from './usage.ts';

const NOTHING: readonly ChatEvent[] = [];

/** Events that say no more than those before and behind them. */
const SILENT: ReadonlySet<string> = new Set([
  'response.content_part.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
]);

/** Events that end an answer. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);

export class ResponsesDecoder implements SteadyInner {
  readonly #items = new Map<number, ItemReader>();
  /** The item that the last piece was for. */
  #item: ItemReader | undefined;
  #events: ChatEvent[] = [];
  #started = false;
  #over = false;
  #parts = 0;
  #called = false;

  push(frame: Frame): readonly ChatEvent[] {
    const { ascii } = frame;
    // Servers that also speak chat completions may send its end marker here.
    if (this.#over || ascii === '' || ascii.startsWith('[DONE]')) return NOTHING;
    const event = parse(frame);
    this.#events = [];
    const type = textOf(event['type']) ?? frame.event;
    if (isFailure(type, event)) this.#fail(failureOfEvent(event));
    else if (isObject(event['response'])) this.#lifecycle(type, event['response']);
    else this.#ofItem(type, event);
    return this.#events;
  }

  passed({ delta }: TextDelta): void {
    this.#item?.passed(delta.text);
  }

  end(): readonly ChatEvent[] {
    this.#events = [];
    if (!this.#over) this.#close();
    this.#over = true;
    return this.#events;
  }

  #fail({ status, message, type, code }: UpstreamError): void {
    this.#over = true;
    const typed = type === undefined ? {} : { errorType: type };
    this.#events.push({ type: 'error', status, message, ...typed, ...(code === undefined ? {} : { code }) });
  }

  #lifecycle(type: string, response: JsonObject): void {
    if (!this.#started) this.#start(response);
    if (!ENDS.has(type)) return;
    this.#rest(response['output']);
    this.#close();
    this.#over = true;
    const status = textOf(response['status']) ?? type.slice('response.'.length);
    const stop = decodeStatus(status, response['incomplete_details'], this.#called) ?? { reason: 'other' as const };
    this.#events.push({ type: 'stop', candidate: 0, stop: { ...stop, rest: noted(FINAL, response) } });
    const usage = decodeUsage(response['usage']);
    if (usage !== undefined) this.#events.push({ type: 'usage', usage });
    this.#events.push({ type: 'end' });
  }

  #start(response: JsonObject): void {
    this.#started = true;
    const start: Writable<StartEvent> = { type: 'start', ...headFields(response) };
    this.#events.push(start);
  }

  /** Items that were not streamed. */
  #rest(output: unknown): void {
    if (!Array.isArray(output) || this.#items.size > 0) return;
    for (const [index, item] of (output as unknown[]).entries()) {
      for (const part of decodeItem(item, `output[${index}]`, badReply).parts) {
        const at = this.#begin(part);
        this.#events.push({ type: 'part-end', candidate: 0, index: at });
      }
    }
  }

  #close(): void {
    for (const item of this.#items.values()) item.done(undefined);
  }

  #begin(part: Part): number {
    const index = this.#parts++;
    this.#called ||= isCall(part);
    this.#events.push({ type: 'part-start', candidate: 0, index, part });
    return index;
  }

  #ofItem(type: string, event: JsonObject): void {
    const index = event['output_index'];
    if (typeof index !== 'number') {
      this.#events.push({ type: 'opaque', dialect: RESPONSES, event: type, value: event });
      return;
    }
    if (!this.#started) this.#start({});
    const item = isObject(event['item']) ? event['item'] : undefined;
    if (type === 'response.output_item.added') this.#open(index, item ?? {});
    else if (type === 'response.output_item.done') (this.#items.get(index) ?? this.#open(index, item ?? {})).done(item);
    else if (!SILENT.has(type))
      this.#pieces(type, event, this.#items.get(index) ?? this.#open(index, implied(type, event)));
  }

  #open(index: number, item: JsonObject): ItemReader {
    const reader = new ItemReader(item, {
      begin: (part) => this.#begin(part),
      emit: (event) => this.#events.push(event),
    });
    this.#items.set(index, reader);
    return reader;
  }

  #pieces(type: string, event: JsonObject, item: ItemReader): void {
    const { delta, part, text } = event;
    this.#item = item;
    const added = typeof delta === 'string' ? delta : '';
    switch (type) {
      case 'response.content_part.added':
        return item.content(part);
      case 'response.output_text.delta':
        return item.add('text', added, Array.isArray(event['logprobs']) ? (event['logprobs'] as unknown[]) : undefined);
      case 'response.output_text.done':
        return item.complete('text', text);
      case 'response.output_text.annotation.added':
        return item.cite(event['annotation']);
      case 'response.refusal.delta':
        return item.add('refusal', added);
      case 'response.refusal.done':
        return item.complete('refusal', event['refusal']);
      case 'response.function_call_arguments.delta':
        return item.add('arguments', added);
      case 'response.function_call_arguments.done':
        return item.complete('arguments', event['arguments']);
      case 'response.reasoning_summary_text.delta':
        return item.think(`true ${placeOf(event['summary_index'])}`, true, added);
      case 'response.reasoning_summary_text.done':
        return item.thought(`true ${placeOf(event['summary_index'])}`, true, text);
      case 'response.reasoning_text.delta':
        return item.think(`false ${placeOf(event['content_index'])}`, false, added);
      case 'response.reasoning_text.done':
        return item.thought(`false ${placeOf(event['content_index'])}`, false, text);
      default:
        return item.pass(event);
    }
  }
}

const placeOf = (index: unknown): number => (typeof index === 'number' ? index : 0);

/** The item that an event belongs to where the server did not say that it begins. */
function implied(type: string, event: JsonObject): JsonObject {
  const id = textOf(event['item_id']);
  const of = (kind: string): JsonObject => ({ type: kind, ...(id === undefined ? {} : { id }) });
  if (type.startsWith('response.reasoning')) return of('reasoning');
  if (type.startsWith('response.function_call'))
    return { ...of('function_call'), call_id: id, name: textOf(event['name']) ?? '' };
  return /^response\.(output_text|refusal|content_part)/.test(type)
    ? { ...of('message'), role: 'assistant' }
    : of('unknown');
}

function parse(frame: Frame): JsonObject {
  let value: unknown;
  try {
    value = frame.json();
  } catch (cause) {
    if (frame.event === 'error') return { type: 'error', message: frame.text() };
    throw invalid(`its JSON is broken: ${(cause as Error).message}`);
  }
  if (!isObject(value)) throw invalid('an event must be an object');
  return value;
}

function invalid(problem: string): GatewayError {
  return new GatewayError('GW_UPSTREAM_INVALID', `The stream is not one of response events: ${problem}.`);
}
