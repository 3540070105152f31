/** Turns neutral events into the chunks of a streamed chat completion. */
import type {
  ChatEvent,
  ErrorEvent,
  EventEncoder,
  JsonObject,
  Logprobs,
  OpaqueEvent,
  PartDeltaEvent,
  PartStartEvent,
  StartEvent,
  StopEvent,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';
import { DIALECT } from './dialect-id.ts';
import { isObject } from './json-value.ts';
import { encodeLogprobs } from './response-encode.ts';
import { addOwnFields, ownFields, refuseForeign } from './rest.ts';
import { CHOICE_NOTE, CHUNK_NOTE, DELTA_NOTE } from './stream-candidate.ts';
import { PartWriter } from './stream-part.ts';
import { encodeStop } from './stop.ts';
import { answerTier } from './tier.ts';
import { isOpaqueCall } from './tool-calls.ts';
import { encodeUsage } from './usage.ts';

/** The frame that says that an answer is whole. */
export const DONE = 'data: [DONE]\n\n';

interface Candidate {
  readonly parts: Map<number, PartWriter>;
  /** How many calls have begun: each counts one up from zero, whatever the provider counted. */
  calls: number;
}

/** The answer has the members that OpenAI's has, in its order: role first, the usage in a chunk of its own, then `[DONE]`. */
export class ChatEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  readonly #candidates = new Map<number, Candidate>();
  #head: JsonObject;
  /** The head as text, up to the choices: it stands in every chunk. */
  #prefix: string;
  /** Where usage is asked for, every chunk but the last has it as null. */
  readonly #suffix: string;
  #usage: Usage | undefined;
  #over = false;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
    this.#suffix = context.usage ? ',"usage":null' : '';
    this.#head = this.#headOf({ type: 'start', id: '', model: '' });
    this.#prefix = prefixOf(this.#head);
  }

  push(event: ChatEvent): string {
    if (this.#over) return '';
    switch (event.type) {
      case 'start':
        this.#start(event);
        return '';
      case 'part-start':
        return this.#partStart(event);
      case 'part-delta':
        return this.#partDelta(event);
      case 'part-end':
        return this.#partEnd(event.candidate, event.index);
      case 'stop':
        return this.#stop(event);
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'opaque':
        return this.#opaque(event);
      case 'error':
        return this.#error(event);
      case 'end':
        return this.#end();
      case 'ping':
        return '';
    }
  }

  #start(event: StartEvent): void {
    refuseForeign(event.rest, '', this.#context);
    this.#head = this.#headOf(event);
    this.#prefix = prefixOf(this.#head);
    this.#usage = event.usage;
  }

  #headOf(event: StartEvent): JsonObject {
    const head: JsonObject = {
      id: event.id === '' ? `chatcmpl-${this.#context.requestId}` : event.id,
      object: 'chat.completion.chunk',
      // Zero where the other dialect does not tell: the API wants a number.
      created: event.created ?? 0,
      // Where no name is set, the answer's own stands.
      model: this.#context.model === '' ? event.model : this.#context.model,
    };
    const tier = answerTier(event.serviceTier, event.rest?.dialect === DIALECT);
    if (tier !== undefined) head['service_tier'] = tier;
    addOwnFields(head, event.rest);
    return head;
  }

  #partStart({ candidate: index, index: at, part }: PartStartEvent): string {
    refuseForeign(part.rest, `choices[${index}].message`, this.#context);
    const isCall = part.type === 'tool-call' || isOpaqueCall(part);
    const [candidate, role] = this.#begin(index, isCall);
    const writer = new PartWriter(part, isCall ? candidate.calls++ : 0, this.#context);
    candidate.parts.set(at, writer);
    const delta = writer.open(`choices[${index}].message.content[${at}]`);
    return delta === undefined ? role : role + this.#chunk(choiceText(index, delta));
  }

  /** A candidate, and the chunk with its role where it has not been told yet. */
  #begin(index: number, withCall: boolean): [Candidate, string] {
    const known = this.#candidates.get(index);
    if (known !== undefined) return [known, ''];
    const candidate: Candidate = { parts: new Map(), calls: 0 };
    this.#candidates.set(index, candidate);
    const delta = { role: 'assistant', content: withCall ? null : '', refusal: null };
    return [candidate, this.#chunk(choiceText(index, delta))];
  }

  #partDelta(event: PartDeltaEvent): string {
    const { candidate: index, logprobs, delta: added } = event;
    if (added.kind === 'text' && logprobs === undefined && event.rest === undefined)
      return this.#text(event, added.text);
    const written = this.#candidates.get(index)?.parts.get(event.index)?.add(event);
    const notes = ownFields(event.rest);
    const delta = { ...written, ...objectOf(notes[DELTA_NOTE]) };
    const ofChoice = objectOf(notes[CHOICE_NOTE]);
    if (written === undefined && notes[DELTA_NOTE] === undefined && notes[CHOICE_NOTE] === undefined) return '';
    return this.#chunk(choiceText(index, delta, null, logprobs, ofChoice), objectOf(notes[CHUNK_NOTE]));
  }

  /** A piece of text and nothing else, which is what most events are: the chunk is written around it. */
  #text({ candidate, index }: PartDeltaEvent, text: string): string {
    if (this.#candidates.get(candidate)?.parts.has(index) !== true) return '';
    const choice = `{"index":${candidate},"delta":{"content":${quoted(text)}},"logprobs":null,"finish_reason":null}`;
    return this.#chunk(choice);
  }

  #partEnd(index: number, at: number): string {
    const candidate = this.#candidates.get(index);
    const due = candidate?.parts.get(at)?.close();
    candidate?.parts.delete(at);
    return due === undefined ? '' : this.#chunk(choiceText(index, due));
  }

  #stop({ candidate, stop }: StopEvent): string {
    const [, role] = this.#begin(candidate, false);
    refuseForeign(stop.rest, `choices[${candidate}]`, this.#context);
    return role + this.#chunk(choiceText(candidate, {}, encodeStop(stop), undefined, ownFields(stop.rest)));
  }

  /** Events of this dialect are chunks; those of another mean nothing here. */
  #opaque({ dialect, event, value }: OpaqueEvent): string {
    if (dialect !== DIALECT) return '';
    const name = event === undefined ? '' : `event: ${event}\n`;
    const data = isObject(value) && Array.isArray(value['choices']) ? { ...this.#head, ...value } : value;
    return `${name}data: ${JSON.stringify(data)}\n\n`;
  }

  #error({ message, errorType, code }: ErrorEvent): string {
    this.#over = true;
    const error = { message, type: errorType ?? 'server_error', param: null, code: code ?? null };
    return `data: ${JSON.stringify({ error })}\n\n`;
  }

  #end(): string {
    this.#over = true;
    if (!this.#context.usage || this.#usage === undefined) return DONE;
    return `data: ${this.#prefix}],"usage":${JSON.stringify(encodeUsage(this.#usage))}}\n\n${DONE}`;
  }

  #chunk(choice: string, extras?: JsonObject): string {
    const more =
      extras === undefined || Object.keys(extras).length === 0 ? '' : `,${JSON.stringify(extras).slice(1, -1)}`;
    return `data: ${this.#prefix}${choice}]${this.#suffix}${more}}\n\n`;
  }
}

function prefixOf(head: JsonObject): string {
  return `${JSON.stringify(head).slice(0, -1)},"choices":[`;
}

function choiceText(
  index: number,
  delta: JsonObject,
  reason: string | null = null,
  logprobs?: Logprobs,
  more?: Readonly<JsonObject>,
): string {
  const choice = { index, delta, logprobs: encodeLogprobs(logprobs), finish_reason: reason };
  return JSON.stringify(more === undefined ? choice : { ...more, ...choice });
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
