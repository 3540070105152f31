/** What the simulated model reads in a request, whichever dialect it came in. */
import type { JsonObject } from '@gatewright/core';

/** A tool that the client runs itself. */
export interface OfferedTool {
  readonly name: string;
  /** The JSON Schema of its arguments. */
  readonly schema: JsonObject;
}

export type ToolChoice =
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'tool'; readonly name: string };

export interface ToolResult {
  readonly name: string;
  readonly text: string;
  readonly isError: boolean;
}

/** What shape the answer must have; `json` is an object of any shape. */
export type Format = { readonly kind: 'text' | 'json' } | { readonly kind: 'schema'; readonly schema: JsonObject };

export interface Prompt {
  readonly model: string;
  readonly stream: boolean;
  /** The client wants usage at the end of the stream. */
  readonly streamUsage: boolean;
  /** The text of the last message of the user. */
  readonly question: string;
  /** How many messages the user has sent. */
  readonly turns: number;
  /** The results that the conversation ends with; empty where it ends with the user's own words. */
  readonly results: readonly ToolResult[];
  /** Images, documents and sounds in the last message of the user. */
  readonly attachments: number;
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelTools: boolean;
  readonly format: Format;
  /**
   * Whether the model is asked to think, and what the answer shows of it: nothing but a count (`hidden`),
   * an empty, signed block (`omitted`), or its text (`shown`).
   */
  readonly reasoning: 'none' | 'hidden' | 'omitted' | 'shown';
  readonly maxOutput: number | undefined;
  readonly stop: readonly string[];
  readonly candidates: number;
  readonly logprobs: boolean;
  readonly inputTokens: number;
  /** The request itself, of operations besides chat. */
  readonly body?: JsonObject;
}

/** The model refuses a request that is not what its dialect allows. */
export class InvalidRequest extends Error {
  readonly param: string;

  constructor(param: string, message: string) {
    super(message);
    this.name = 'InvalidRequest';
    this.param = param;
  }
}
