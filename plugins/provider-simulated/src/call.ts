/** One call of the simulated provider: reads the body, makes an answer, lets the faults have their way, delivers. */
import type { Attempt, Clock, Exchange, JsonObject, WireReply } from '@gatewright/core';
import { answerTo, NO_WISH, type Wish } from './answer.ts';
import { anthropicWire, countWire } from './anthropic-wire.ts';
import { completionsWire } from './completions-wire.ts';
import { deliver, type Delivery } from './delivery.ts';
import { Dice } from './dice.ts';
import { embeddingsWire } from './embeddings-wire.ts';
import { errorReply } from './faults-connection.ts';
import { faultNamed, faultsNamed, UnknownFault, type ChosenFault } from './faults.ts';
import { FlakyMemory } from './flaky-memory.ts';
import { imageEditsWire, imageVariationsWire } from './image-forms-wire.ts';
import { imagesWire } from './images-wire.ts';
import { isObject } from './json.ts';
import { moderationWire } from './moderation-wire.ts';
import { openaiWire } from './openai-wire.ts';
import type { Options } from './options.ts';
import type { Piece } from './piece.ts';
import { InvalidRequest, type Prompt } from './prompt.ts';
import { rerankWire } from './rerank-wire.ts';
import { speechWire } from './speech-wire.ts';
import { transcriptionWire } from './transcription-wire.ts';
import type { Failure, Wire } from './wire.ts';

/** As many bytes as come out of a socket at once. */
const CHUNK = 16_384;
/** How a prompt asks for faults. */
const DIRECTIVE = /\[simulate:([^\]]*)\]/gu;

/** Operations that have one dialect here. */
const PLAIN: ReadonlyMap<string, Wire> = new Map([
  ['count-tokens', countWire],
  ['completions', completionsWire],
  ['embeddings', embeddingsWire],
  ['moderation', moderationWire],
  ['images', imagesWire],
  ['image-edit', imageEditsWire],
  ['image-variation', imageVariationsWire],
  ['speech', speechWire],
  ['rerank', rerankWire],
  ['transcription', transcriptionWire(true)],
  ['translation', transcriptionWire(false)],
]);

export type Call = (attempt: Attempt, exchange: Exchange) => Promise<WireReply>;

export function simulatedCall(options: Options, clock: Clock): Call {
  const memory = new FlakyMemory();
  return async (attempt, exchange) => {
    const wire = wireFor(options, exchange);
    const bytes = attempt.body?.toString() ?? '';
    const id = new Dice(bytes).hex('id', 32);
    const delivery = deliveryOrFailure(wire, id, () => {
      const { prompt, faults } = ask(wire, bytes, options);
      const wish = faults.reduce<Wish>((wish, { fault, n }) => fault.wish?.(wish, n) ?? wish, NO_WISH);
      const good = goodDelivery(wire, prompt, wish, id, options, clock);
      const { stream, inputTokens } = prompt;
      const context = { wire, stream, inputTokens, failsFirst: (times: number) => memory.fails(bytes, times) };
      return faults.reduce((so, { fault, n }) => fault.change?.(so, n, context) ?? so, good);
    });
    return deliver(delivery, attempt, clock);
  };
}

/** A delivery; that of an error reply where the request cannot be served. */
function deliveryOrFailure(wire: Wire, id: string, make: () => Delivery): Delivery {
  try {
    return make();
  } catch (error) {
    return errorReply(emptyDelivery(wire, id), { wire }, failureFor(error));
  }
}

function wireFor(options: Options, exchange: Exchange): Wire {
  const plain = PLAIN.get(exchange.operation);
  if (plain !== undefined) return plain;
  return options.dialect === 'openai-chat' ? openaiWire : anthropicWire;
}

interface Asked {
  readonly prompt: Prompt;
  readonly faults: readonly ChosenFault[];
}

/** Reads the body, and takes out of its question what the question says about faults. */
function ask(wire: Wire, bytes: string, options: Options): Asked {
  const prompt = wire.read(parsed(bytes));
  const directives = [...prompt.question.matchAll(DIRECTIVE)].flatMap(([, names = '']) => names.split(','));
  const wanted = directives.map((name) => name.trim()).filter((name) => name !== '');
  const unknown = wanted.find((name) => faultNamed(name) === undefined);
  if (unknown !== undefined) throw new InvalidRequest('messages', new UnknownFault(unknown).message);
  const faults = faultsNamed([...options.faults, ...faultsOfModel(prompt.model), ...wanted]);
  return { prompt: { ...prompt, question: prompt.question.replaceAll(DIRECTIVE, '').trim() }, faults };
}

/** A model's name may be a fault, and may have faults behind plus signs: `sim+slow-first-token+crlf`. */
function faultsOfModel(model: string): string[] {
  const [name = '', ...faults] = model.split('+');
  return faultNamed(name) === undefined ? faults : [name, ...faults];
}

function parsed(bytes: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(bytes);
  } catch {
    throw new InvalidRequest('', 'The body is no JSON.');
  }
  if (!isObject(body)) throw new InvalidRequest('', 'The body must be an object.');
  return body;
}

function goodDelivery(wire: Wire, prompt: Prompt, wish: Wish, id: string, options: Options, clock: Clock): Delivery {
  const answers = Array.from({ length: prompt.candidates }, (_, index) => answerTo(prompt, wish, index));
  const created = Math.floor(clock.now() / 1000);
  const writing = { id, created, prompt, usage: wish.usage, answers };
  const counting = wire === countWire;
  const tokensPerSecond = wish.tokensPerSecond ?? options.tokensPerSecond;
  const pace = tokensPerSecond === 0 ? 0 : 1000 / tokensPerSecond;
  const tokens = Math.max(0, ...answers.map(({ outputTokens }) => outputTokens));
  const type = wire.contentType?.(prompt) ?? (prompt.stream ? 'text/event-stream; charset=utf-8' : 'application/json');
  const isBytes = type.startsWith('audio/');
  const whole = (): Piece[] => [{ kind: 'content', text: wire.whole(writing), tokens: 0, isBytes }];
  return {
    ...emptyDelivery(wire, id),
    headers: { 'content-type': type, [wire.idHeader]: `req_${id}` },
    // A whole reply comes when all of it is there; a count needs no model at all.
    wait: counting ? 0 : options.firstTokenDelay + (prompt.stream ? 0 : tokens * pace),
    pace,
    pieces: prompt.stream ? wire.stream(writing) : whole(),
  };
}

function emptyDelivery(wire: Wire, id: string): Delivery {
  return {
    head: 'reply',
    status: 200,
    headers: { [wire.idHeader]: `req_${id}` },
    wait: 0,
    pace: 0,
    pause: 0,
    pieces: [],
    ending: 'end',
    chunk: CHUNK,
  };
}

/** What the provider answers to a request that it cannot serve. Throws again what it does not know. */
function failureFor(error: unknown): Failure {
  if (error instanceof InvalidRequest) return { status: 400, message: error.message, param: error.param };
  if (error instanceof UnknownFault) return { status: 404, message: error.message, param: 'model' };
  throw error;
}
