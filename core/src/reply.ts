/** What a provider's call, or an answer from elsewhere, gives back. */
import type { Operation, ResponseOf } from './operations.ts';

export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Takes the bytes of a reply. After `end` or `error`, neither of which comes twice, nothing follows. */
export interface ReplySink {
  data(chunk: Buffer): void;
  end(): void;
  error(error: Error): void;
}

/** The bytes of a reply, pushed as they arrive. */
export interface ReplyBody {
  /** Starts the flow into the sink. Called once. */
  pipe(sink: ReplySink): void;
  pause(): void;
  resume(): void;
  /** Stops the flow and frees the connection. No further sink method is called. */
  cancel(): void;
}

/** A reply in the bytes of the target's dialect, from the moment its head has arrived. */
export interface WireReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReplyHeaders;
  readonly body: ReplyBody;
}

/** A whole reply in the neutral form. The core writes it in the client's dialect, as a stream where one was asked for. */
export interface NeutralReply<O extends Operation = Operation> {
  readonly response: ResponseOf<O>;
}

export type Reply<O extends Operation = Operation> = WireReply | NeutralReply<O>;

/** Whether a reply is in the neutral form. */
export function isNeutralReply(reply: Reply): reply is NeutralReply {
  return 'response' in reply;
}

/** A wire reply from bytes that are all there already. */
export function bytesReply(status: number, headers: ReplyHeaders, chunks: readonly Buffer[]): WireReply {
  return { status, headers, body: new BytesBody(chunks) };
}

class BytesBody implements ReplyBody {
  readonly #chunks: readonly Buffer[];
  #next = 0;
  #paused = false;
  #done = false;
  #sink: ReplySink | undefined;

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
  }

  pipe(sink: ReplySink): void {
    this.#sink = sink;
    this.#flow();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  cancel(): void {
    this.#done = true;
  }

  #flow(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    while (!this.#paused && !this.#done && this.#next < this.#chunks.length) {
      sink.data(this.#chunks[this.#next++] as Buffer);
    }
    if (!this.#paused && !this.#done && this.#next === this.#chunks.length) {
      this.#done = true;
      sink.end();
    }
  }
}
