/** Writes neutral events as the chunks of a streamed answer. */
import type {
  ChatEvent,
  EventEncoder,
  JsonObject,
  Logprobs,
  PartDeltaEvent,
  PartStartEvent,
  Rest,
  StartEvent,
  Stop,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { quoted, Writing } from '@gatewright/core/wire';
import { errorBody } from './error.ts';
import type { Framing } from './framing.ts';
import { encodeLogprobs } from './logprobs.ts';
import { GENERATE } from './names.ts';
import { OpenPart } from './open-part.ts';
import { isObject } from './reading.ts';
import { compact, keeper, note } from './rest.ts';
import { encodeEnvelope } from './response.ts';
import { encodeBlock, encodeReason } from './stop.ts';
import { encodeUsage } from './usage.ts';

export class StreamEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  readonly #framing: Framing;
  /** Every stream of this framing begins with a chunk, also while there is no content yet. */
  readonly #eager: boolean;
  #at: Writing;
  #envelope: JsonObject = {};
  /** The envelope as text, behind other members. */
  #closing = '}';
  readonly #open = new Map<string, OpenPart>();
  readonly #stops = new Map<number, Stop>();
  #hasParts = false;
  #usage: Usage | undefined;

  constructor(context: StreamEncodeContext, framing: Framing, eager: boolean) {
    this.#context = context;
    this.#framing = framing;
    this.#eager = eager;
    this.#at = Writing.to('client', undefined, context, keeper);
  }

  push(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'part-start':
        return this.#partStart(event);
      case 'part-delta':
        return this.#delta(event);
      case 'part-end':
        return this.#partEnd(event.candidate, event.index);
      case 'stop':
        this.#stops.set(event.candidate, event.stop);
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'opaque':
        return event.dialect === GENERATE && isObject(event.value) ? this.#chunk(event.value) : '';
      case 'error':
        return (
          this.#framing.chunk(JSON.stringify(errorBody(event.status, event.message, event.errorType))) +
          this.#framing.end()
        );
      case 'end':
        return this.#end();
      case 'ping':
        return '';
    }
  }

  #start(event: StartEvent): string {
    this.#at = Writing.to('client', event.rest, this.#context, keeper);
    this.#usage = event.usage;
    this.#envelope = encodeEnvelope(event, this.#at.model);
    const envelope = JSON.stringify(this.#envelope);
    this.#closing = envelope === '{}' ? '}' : `,${envelope.slice(1)}`;
    const told = this.#at.complete({}, event.rest);
    return this.#eager || Object.keys(told).length > 0 ? this.#chunk(told) : '';
  }

  #partStart({ candidate, index, part }: PartStartEvent): string {
    this.#hasParts = true;
    const open = new OpenPart(part, this.#at.at('candidates').at(candidate).at('content').at(index));
    this.#open.set(`${candidate}.${index}`, open);
    return this.#content(candidate, open.start());
  }

  #delta({ candidate, index, delta, logprobs, rest }: PartDeltaEvent): string {
    const open = this.#open.get(`${candidate}.${index}`);
    if (open?.runs === true && delta.kind === 'text' && logprobs === undefined && rest === undefined) {
      return delta.text === '' ? '' : this.#text(candidate, delta.text);
    }
    return open === undefined ? '' : this.#content(candidate, open.delta(delta), logprobs, rest);
  }

  #partEnd(candidate: number, index: number): string {
    const key = `${candidate}.${index}`;
    const open = this.#open.get(key);
    this.#open.delete(key);
    return open === undefined ? '' : this.#content(candidate, open.end());
  }

  #content(index: number, part: JsonObject | undefined, logprobs?: Logprobs, rest?: Rest): string {
    const logprobsResult = note(rest, '$logprobsResult') ?? encodeLogprobs(logprobs);
    if (part === undefined && logprobsResult === undefined) return '';
    const content = part === undefined ? undefined : { parts: [part], role: 'model' };
    return this.#chunk({ candidates: [compact({ content, index, logprobsResult })] });
  }

  /** Stops and usage come in any order, and this dialect tells them together: so both wait for the end. */
  #end(): string {
    let text = '';
    for (const key of this.#open.keys()) {
      const [candidate, index] = key.split('.') as [string, string];
      text += this.#partEnd(Number(candidate), Number(index));
    }
    const last = { ...this.#lastCandidates(), ...this.#usageMetadata() };
    return text + (Object.keys(last).length === 0 ? '' : this.#chunk(last)) + this.#framing.end();
  }

  #lastCandidates(): JsonObject {
    const blocked = encodeBlock(this.#stops.get(0));
    if (blocked !== undefined && !this.#hasParts) return { promptFeedback: blocked };
    if (this.#stops.size === 0) return {};
    const candidates = [...this.#stops].map(([index, stop]) =>
      this.#at
        .at('candidates')
        .at(index)
        .complete({ finishReason: encodeReason(stop), index }, stop.rest),
    );
    return { candidates };
  }

  #usageMetadata(): JsonObject {
    return this.#usage === undefined ? {} : { usageMetadata: encodeUsage(this.#usage) };
  }

  /** A piece of text, which is what most deltas are: the chunk is written around it. */
  #text(candidate: number, text: string): string {
    const part = `{"text":${quoted(text)}}`;
    const candidates = `{"candidates":[{"content":{"parts":[${part}],"role":"model"},"index":${candidate}}]`;
    return this.#framing.chunk(candidates + this.#closing);
  }

  #chunk(fields: JsonObject): string {
    return this.#framing.chunk(JSON.stringify({ ...fields, ...this.#envelope }));
  }
}
