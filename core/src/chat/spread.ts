/** Spreads a whole answer into the events of a stream, for answers that were not streamed to clients that asked for a stream. */
import type { ChatEvent, Delta, StartEvent } from './event.ts';
import type { Part } from './part.ts';
import type { Candidate, ChatResponse } from './response.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The events of an answer, in order; {@link collect} makes the same answer of them. */
export function spread(response: ChatResponse): ChatEvent[] {
  const start: Writable<StartEvent> = { type: 'start', id: response.id, model: response.model };
  if (response.created !== undefined) start.created = response.created;
  if (response.serviceTier !== undefined) start.serviceTier = response.serviceTier;
  if (response.rest !== undefined) start.rest = response.rest;
  const events: ChatEvent[] = [start];
  for (const candidate of response.candidates) spreadCandidate(candidate, events);
  if (response.usage !== undefined) events.push({ type: 'usage', usage: response.usage });
  events.push({ type: 'end' });
  return events;
}

function spreadCandidate(candidate: Candidate, events: ChatEvent[]): void {
  let { logprobs } = candidate;
  for (const [index, part] of candidate.parts.entries()) {
    const position = { candidate: candidate.index, index };
    const [opening, deltas] = open(part);
    events.push({ type: 'part-start', ...position, part: opening });
    for (const delta of deltas) {
      events.push({ type: 'part-delta', ...position, delta, ...(logprobs === undefined ? {} : { logprobs }) });
      logprobs = undefined;
    }
    events.push({ type: 'part-end', ...position });
  }
  if (candidate.stop !== undefined) events.push({ type: 'stop', candidate: candidate.index, stop: candidate.stop });
}

/** A part as it begins, and the deltas that complete it. */
function open(part: Part): [Part, Delta[]] {
  switch (part.type) {
    case 'text': {
      const { citations, ...rest } = part;
      const deltas: Delta[] = [{ kind: 'text', text: part.text }];
      for (const item of citations?.items ?? [])
        deltas.push({ kind: 'citation', dialect: citations?.dialect ?? '', item });
      return [{ ...rest, text: '' }, deltas];
    }
    case 'refusal':
      return [{ ...part, text: '' }, [{ kind: 'refusal', text: part.text }]];
    case 'tool-call':
      return [{ ...part, arguments: '' }, [{ kind: 'arguments', text: part.arguments }]];
    case 'reasoning': {
      const { signature, ...rest } = part;
      const deltas: Delta[] = part.text === '' ? [] : [{ kind: 'reasoning', text: part.text }];
      if (signature !== undefined) deltas.push({ kind: 'signature', signature });
      return [{ ...rest, text: '' }, deltas];
    }
    case 'audio': {
      if (part.source.kind !== 'base64') return [part, []];
      const { transcript, ...rest } = part;
      const delta: Delta = {
        kind: 'audio',
        data: part.source.data,
        ...(transcript === undefined ? {} : { transcript }),
      };
      return [{ ...rest, source: { ...part.source, data: '' } }, [delta]];
    }
    default:
      return [part, []];
  }
}
