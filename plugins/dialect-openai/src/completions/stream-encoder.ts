/** Turns neutral events, which may be a chat's, into the chunks of a streamed completion. */
import type {
  ChatEvent,
  EventEncoder,
  JsonObject,
  PartDeltaEvent,
  StartEvent,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { addOwnFields, ownFields } from '../rest.ts';
import { DONE } from '../stream-encoder.ts';
import { encodeUsage } from '../usage.ts';
import { logprobsOf, wordOf } from './choice.ts';
import { COMPLETIONS } from './dialect-id.ts';
import { textOfPart } from './response.ts';

export class CompletionEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  /** How much text each candidate has. */
  readonly #lengths = new Map<number, number>();
  #head: JsonObject = {};
  #usage: Usage | undefined;
  #over = false;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
    this.#start({ type: 'start', id: '', model: '' });
  }

  push(event: ChatEvent): string {
    if (this.#over) return '';
    switch (event.type) {
      case 'start':
        this.#start(event);
        return '';
      case 'part-start':
        return this.#text(event.candidate, textOfPart(event.part, this.#context));
      case 'part-delta':
        return this.#delta(event);
      case 'stop':
        return this.#chunk({ text: '', index: event.candidate, logprobs: null, finish_reason: wordOf(event.stop) });
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'error': {
        this.#over = true;
        const { message, errorType, code } = event;
        const error = { message, type: errorType ?? 'server_error', param: null, code: code ?? null };
        return `data: ${JSON.stringify({ error })}\n\n`;
      }
      case 'end':
        return this.#end();
      default:
        return '';
    }
  }

  #start(event: StartEvent): void {
    const { requestId, model } = this.#context;
    this.#head = {
      id: event.id === '' ? `cmpl-${requestId}` : event.id,
      object: 'text_completion',
      created: event.created ?? 0,
      // Where no name is set, the answer's own stands.
      model: model === '' ? event.model : model,
    };
    if (event.usage !== undefined) this.#usage = event.usage;
    addOwnFields(this.#head, event.rest, COMPLETIONS);
  }

  #delta({ candidate, delta, logprobs, rest }: PartDeltaEvent): string {
    if (delta.kind !== 'text' && delta.kind !== 'refusal') return '';
    const own = ownFields(rest, COMPLETIONS);
    const known = logprobs === undefined ? null : logprobsOf(logprobs, this.#lengths.get(candidate) ?? 0);
    return this.#text(candidate, delta.text, { ...own, logprobs: own['logprobs'] ?? known });
  }

  #text(candidate: number, text: string, more: JsonObject = { logprobs: null }): string {
    if (text === '' && more['logprobs'] === null) return '';
    this.#lengths.set(candidate, (this.#lengths.get(candidate) ?? 0) + text.length);
    return this.#chunk({ text, index: candidate, ...more, finish_reason: null });
  }

  #end(): string {
    this.#over = true;
    if (!this.#context.usage || this.#usage === undefined) return DONE;
    const chunk = { ...this.#head, choices: [], usage: encodeUsage(this.#usage) };
    return `data: ${JSON.stringify(chunk)}\n\n${DONE}`;
  }

  /** Where usage is asked for, every chunk but the last has it as null. */
  #chunk(choice: JsonObject): string {
    const chunk = { ...this.#head, choices: [choice], ...(this.#context.usage ? { usage: null } : {}) };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
