/** An answer that may break off after its content began, and what another target needs to go on with it. */
import type { ChatRequest } from '../../chat/request.ts';
import type { GatewayError } from '../../errors.ts';
import { Delivered, obstacleIn } from './delivered.ts';
import type { EventWriter } from './event-writer.ts';
import type { Service } from '../attempts/service.ts';
import type { Joining } from './splice.ts';

/** With these the client is told that the answer is not whole; what else ends a stream is nobody else's to mend. */
const BREAKS: ReadonlySet<string> = new Set([
  'GW_UPSTREAM_CUT',
  'GW_UPSTREAM_TIMEOUT',
  'GW_UPSTREAM_ERROR',
  'GW_UPSTREAM_INVALID',
]);

export class Rescue {
  readonly writer: EventWriter;
  readonly delivered = new Delivered();
  readonly #request: ChatRequest;
  /** Targets that refused to go on with a beginning; they are asked for the whole answer. */
  readonly #refusers = new Set<string>();
  #error: GatewayError | undefined;
  /** About how many output tokens the client has. */
  #produced = 0;

  constructor(writer: EventWriter, request: ChatRequest) {
    this.writer = writer;
    this.#request = request;
  }

  /** What the client's answer broke off with, and will be ended with where nobody goes on. */
  get error(): GatewayError | undefined {
    return this.#error;
  }

  /** Whether another target may go on where the answer broke with this; then it waits for one. */
  takes(error: GatewayError, produced: number): boolean {
    if (!error.retryable || !BREAKS.has(error.code)) return false;
    if ((this.delivered.obstacle ?? obstacleIn(this.#request)) !== undefined) return false;
    this.#error ??= error;
    this.#produced += produced;
    this.writer.takeOver();
    return true;
  }

  /** How a target is asked to go on. */
  joining({ operation }: Service, target: { readonly id: string; readonly model: string }): Joining {
    if (this.#refusers.has(target.id) || this.delivered.text.trim() === '') return 'replay';
    return operation.prefill?.(target.model) ?? 'replay';
  }

  /** Whether a target that answers so refused only the beginning that it was sent, and may be asked for all. */
  asksAgain(target: { readonly id: string }, joining: Joining | undefined, error: GatewayError): boolean {
    const refused = error.code === 'GW_UPSTREAM_ERROR' && (error.status === 400 || error.status === 422);
    if (!refused || joining === undefined || joining === 'replay') return false;
    this.#refusers.add(target.id);
    return true;
  }

  /** The request with the beginning of its answer as the last message. Its thinking is over. */
  continued(request: ChatRequest): ChatRequest {
    const { reasoning: _, ...rest } = request;
    const { maxOutput } = request;
    const text = this.delivered.text.trimEnd();
    return {
      ...rest,
      messages: [...request.messages, { role: 'assistant', parts: [{ type: 'text', text }] }],
      ...(maxOutput === undefined ? {} : { maxOutput: Math.max(1, maxOutput - this.#produced) }),
    };
  }
}
