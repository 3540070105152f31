/** Gathers the events of a streamed answer into the whole answer. */
import type { Usage } from '../usage.ts';
import type { ChatEvent, Delta, PartDeltaEvent, StartEvent } from './event.ts';
import type { Part } from './part.ts';
import type { Candidate, ChatResponse, Logprobs, Stop } from './response.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface OpenCandidate {
  readonly index: number;
  readonly parts: Map<number, Part>;
  stop: Stop | undefined;
  content: unknown[] | undefined;
  refusal: unknown[] | undefined;
}

/** Takes events one by one; {@link ChatCollector.response} may be asked at any time. */
export class ChatCollector {
  #start: StartEvent | undefined;
  #usage: Usage | undefined;
  readonly #candidates = new Map<number, OpenCandidate>();

  push(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        this.#start = event;
        this.#usage = event.usage ?? this.#usage;
        return;
      case 'part-start':
        this.#candidate(event.candidate).parts.set(event.index, event.part);
        return;
      case 'part-delta':
        this.#delta(event);
        return;
      case 'stop':
        this.#candidate(event.candidate).stop = event.stop;
        return;
      case 'usage':
        this.#usage = event.usage;
        return;
      default:
    }
  }

  /** The answer as far as it is known. */
  response(): ChatResponse {
    const start = this.#start;
    const response: Writable<ChatResponse> = {
      id: start?.id ?? '',
      model: start?.model ?? '',
      candidates: [...this.#candidates.values()].sort((a, b) => a.index - b.index).map(closeCandidate),
    };
    if (start?.created !== undefined) response.created = start.created;
    if (start?.serviceTier !== undefined) response.serviceTier = start.serviceTier;
    if (start?.rest !== undefined) response.rest = start.rest;
    if (this.#usage !== undefined) response.usage = this.#usage;
    return response;
  }

  #candidate(index: number): OpenCandidate {
    let candidate = this.#candidates.get(index);
    if (candidate === undefined) {
      candidate = { index, parts: new Map(), stop: undefined, content: undefined, refusal: undefined };
      this.#candidates.set(index, candidate);
    }
    return candidate;
  }

  #delta(event: PartDeltaEvent): void {
    const candidate = this.#candidate(event.candidate);
    const part = candidate.parts.get(event.index);
    if (part !== undefined) candidate.parts.set(event.index, extend(part, event.delta));
    const { logprobs } = event;
    if (logprobs?.content) (candidate.content ??= []).push(...logprobs.content);
    if (logprobs?.refusal) (candidate.refusal ??= []).push(...logprobs.refusal);
  }
}

/** The whole answer that a stream's events amount to. */
export function collect(events: Iterable<ChatEvent>): ChatResponse {
  const collector = new ChatCollector();
  for (const event of events) collector.push(event);
  return collector.response();
}

function closeCandidate(open: OpenCandidate): Candidate {
  const parts = [...open.parts.entries()].sort((a, b) => a[0] - b[0]).map((entry) => entry[1]);
  const candidate: Writable<Candidate> = { index: open.index, parts };
  if (open.stop !== undefined) candidate.stop = open.stop;
  const logprobs: Writable<Logprobs> = {};
  if (open.content !== undefined) logprobs.content = open.content;
  if (open.refusal !== undefined) logprobs.refusal = open.refusal;
  if (open.content !== undefined || open.refusal !== undefined) candidate.logprobs = logprobs;
  return candidate;
}

/** A part with one delta more. A delta of a kind that the part cannot take changes nothing. */
function extend(part: Part, delta: Delta): Part {
  switch (delta.kind) {
    case 'text':
      return part.type === 'text' ? { ...part, text: part.text + delta.text } : part;
    case 'refusal':
      return part.type === 'refusal' ? { ...part, text: part.text + delta.text } : part;
    case 'reasoning':
      return part.type === 'reasoning' ? { ...part, text: part.text + delta.text } : part;
    case 'signature':
      return part.type === 'reasoning' ? { ...part, signature: (part.signature ?? '') + delta.signature } : part;
    case 'arguments':
      return part.type === 'tool-call' ? { ...part, arguments: part.arguments + delta.text } : part;
    case 'citation':
      if (part.type !== 'text') return part;
      return { ...part, citations: { dialect: delta.dialect, items: [...(part.citations?.items ?? []), delta.item] } };
    case 'audio':
      return part.type === 'audio' ? extendAudio(part, delta) : part;
    case 'opaque':
      return part.type === 'opaque' ? { ...part, value: { ...part.value, ...delta.value } } : part;
  }
}

function extendAudio(part: Extract<Part, { type: 'audio' }>, delta: Extract<Delta, { kind: 'audio' }>): Part {
  const { source } = part;
  const extended: Writable<typeof part> = { ...part };
  if (delta.data !== undefined && source.kind === 'base64') {
    extended.source = { ...source, data: source.data + delta.data };
  }
  if (delta.transcript !== undefined) extended.transcript = (part.transcript ?? '') + delta.transcript;
  return extended;
}
