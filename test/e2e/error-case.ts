/** What a test of a provider's error is made of. */

export interface ErrorCase {
  /** The instance id of the provider, as the table of providers has it. */
  readonly provider: string;
  readonly what: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Where the body stands. */
  readonly source: string;
  /** What a client of OpenAI's dialect finds in the error's `code`; the provider's own where it has one. */
  readonly code?: string;
  readonly retryable: boolean;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

export const CONTEXT = 'context_length_exceeded';
export const FILTER = 'content_filter';

export const openai = (message: string, type: string, code: string | null, param: string | null = null) => ({
  error: { message, type, param, code },
});
export const anthropic = (type: string, message: string) => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_1',
});
export const google = (code: number, status: string, message: string, details?: unknown) => ({
  error: { code, message, status, ...(details === undefined ? {} : { details }) },
});
export const retryInfo = (retryDelay: string) => [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
