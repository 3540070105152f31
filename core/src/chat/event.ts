/**
 * The events of a streamed chat answer, in the order they happen:
 * `start`, then for every part `part-start`, `part-delta`…, `part-end`, then `stop` per candidate,
 * `usage` where the provider tells it, and `end`. `ping` and `opaque` may stand anywhere.
 *
 * Parts of one candidate have rising indexes and may overlap (parallel tool calls in OpenAI's dialect).
 */
import type { Usage } from '../usage.ts';
import type { Part, Rest } from './part.ts';
import type { Logprobs, Stop } from './response.ts';

export interface StartEvent {
  readonly type: 'start';
  readonly id: string;
  readonly model: string;
  readonly created?: number;
  readonly serviceTier?: string;
  /** What is known of the usage before the first token (Anthropic tells the input). */
  readonly usage?: Usage;
  readonly rest?: Rest;
}

/** A part begins. `part` holds what is known so far: empty text, a tool call's id and name. */
export interface PartStartEvent {
  readonly type: 'part-start';
  readonly candidate: number;
  readonly index: number;
  readonly part: Part;
}

/** What a delta adds to its part. */
export type Delta =
  | { readonly kind: 'text'; readonly text: string }
  /** More of a tool call's JSON arguments. */
  | { readonly kind: 'arguments'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'signature'; readonly signature: string }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'citation'; readonly dialect: string; readonly item: unknown }
  /** More of an audio part: base64 data, what was said, or both. */
  | { readonly kind: 'audio'; readonly data?: string; readonly transcript?: string; readonly rest?: Rest }
  | { readonly kind: 'opaque'; readonly dialect: string; readonly value: Readonly<Record<string, unknown>> };

export interface PartDeltaEvent {
  readonly type: 'part-delta';
  readonly candidate: number;
  readonly index: number;
  readonly delta: Delta;
  readonly logprobs?: Logprobs;
  readonly rest?: Rest;
}

export interface PartEndEvent {
  readonly type: 'part-end';
  readonly candidate: number;
  readonly index: number;
}

export interface StopEvent {
  readonly type: 'stop';
  readonly candidate: number;
  readonly stop: Stop;
}

/** Usage so far. Later events replace earlier ones: counts are totals, not increments. */
export interface UsageEvent {
  readonly type: 'usage';
  readonly usage: Usage;
  /** What else the provider told with it. */
  readonly rest?: Rest;
}

export interface PingEvent {
  readonly type: 'ping';
}

/** An event that only its own dialect knows. */
export interface OpaqueEvent {
  readonly type: 'opaque';
  readonly dialect: string;
  readonly event?: string;
  readonly value: unknown;
}

/** The provider reported an error inside the stream. Nothing follows. */
export interface ErrorEvent {
  readonly type: 'error';
  /** HTTP status that the error would have had before the stream began. */
  readonly status: number;
  readonly message: string;
  /** The provider's own type and code, where it told them. */
  readonly errorType?: string;
  readonly code?: string;
}

/** The dialect's own end marker (`[DONE]`, `message_stop`) was seen. */
export interface EndEvent {
  readonly type: 'end';
}

export type ChatEvent =
  | StartEvent
  | PartStartEvent
  | PartDeltaEvent
  | PartEndEvent
  | StopEvent
  | UsageEvent
  | PingEvent
  | OpaqueEvent
  | ErrorEvent
  | EndEvent;
