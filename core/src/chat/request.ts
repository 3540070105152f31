/** The neutral form of a chat request. */
import type { CacheMark, Part, Rest } from './part.ts';

export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

/**
 * One message. Consecutive messages keep the order and grouping that the client gave them; a codec
 * whose dialect groups differently (Anthropic puts tool results into user messages) regroups on encoding.
 */
export interface Message {
  readonly role: Role;
  readonly parts: readonly Part[];
  /** OpenAI's `name` of a participant. */
  readonly name?: string;
  readonly rest?: Rest;
}

/** A tool that the client runs itself. `parameters` is a JSON Schema. */
export interface FunctionTool {
  readonly kind: 'function';
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
  readonly rest?: Rest;
}

/** A tool that only its own dialect knows (server-side tools, custom grammars). Kept whole. */
export interface OpaqueTool {
  readonly kind: 'opaque';
  readonly dialect: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export type Tool = FunctionTool | OpaqueTool;

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  /** Some tool must be called. */
  | { readonly kind: 'required' }
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'opaque'; readonly dialect: string; readonly value: unknown };

/** What shape the answer must have. */
export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema';
      readonly schema: Readonly<Record<string, unknown>>;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** How much the model should think before it answers. The fields a dialect has are set; the others are absent. */
export interface ReasoningSettings {
  /** OpenAI's and Anthropic's named levels: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`. */
  readonly effort?: string;
  /** Anthropic's `thinking.budget_tokens`. */
  readonly budgetTokens?: number;
  /** Anthropic's `thinking.type`. */
  readonly mode?: 'enabled' | 'disabled' | 'adaptive';
  readonly rest?: Rest;
}

export interface ChatRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  /** The client asked for usage in the stream (OpenAI's `stream_options.include_usage`; always true for Anthropic). */
  readonly streamUsage?: boolean;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** Whether the model may call several tools at once. Absent means the provider's default. */
  readonly parallelTools?: boolean;
  /** The most tokens the answer may have, reasoning included. */
  readonly maxOutput?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** How many alternative answers are wanted. Absent means one. */
  readonly candidates?: number;
  readonly logprobs?: { readonly top?: number };
  readonly responseFormat?: ResponseFormat;
  readonly reasoning?: ReasoningSettings;
  /** An id of the client's own end user, for abuse detection. */
  readonly endUser?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly serviceTier?: string;
  /** A mark on the whole request (Anthropic's top-level `cache_control`). */
  readonly cache?: CacheMark;
  readonly rest?: Rest;
}
