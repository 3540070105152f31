/** Replies whose bytes come from the thread of an isolated plugin. */
import type { ReplyBody, ReplyHeaders, ReplySink, WireReply } from '../reply.ts';
import { receivedError } from '../workers/failure.ts';
import type { GuestNotices, HostNotices } from './protocol.ts';

type Control = 'pipe' | 'pause' | 'resume' | 'cancel';

export class RemoteReplies {
  readonly #tell: (name: Control, call: HostNotices[Control]) => void;
  readonly #open = new Map<number, RemoteBody>();

  constructor(tell: (name: Control, call: number) => void) {
    this.#tell = tell;
  }

  open(call: number, { status, headers }: { readonly status: number; readonly headers: ReplyHeaders }): WireReply {
    const body = new RemoteBody((name) => {
      if (name === 'cancel') this.#open.delete(call);
      this.#tell(name, call);
    });
    this.#open.set(call, body);
    return { status, headers, body };
  }

  take<N extends 'data' | 'end' | 'error'>(name: N, value: GuestNotices[N]): void {
    if (name === 'data') {
      const { call, chunk } = value as GuestNotices['data'];
      this.#open.get(call)?.sink?.data(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      return;
    }
    const call = name === 'end' ? (value as number) : (value as GuestNotices['error']).call;
    const sink = this.#open.get(call)?.sink;
    this.#open.delete(call);
    if (name === 'end') sink?.end();
    else sink?.error(receivedError((value as GuestNotices['error']).error));
  }

  /** The thread is gone: what flowed is broken. */
  gone(error: Error): void {
    const bodies = [...this.#open.values()];
    this.#open.clear();
    for (const body of bodies) body.break(error);
  }
}

class RemoteBody implements ReplyBody {
  readonly #control: (name: Control) => void;
  sink: ReplySink | undefined;
  #broken: Error | undefined;

  constructor(control: (name: Control) => void) {
    this.#control = control;
  }

  pipe(sink: ReplySink): void {
    this.sink = sink;
    if (this.#broken === undefined) this.#control('pipe');
    else sink.error(this.#broken);
  }

  pause(): void {
    this.#control('pause');
  }

  resume(): void {
    this.#control('resume');
  }

  cancel(): void {
    this.sink = undefined;
    this.#control('cancel');
  }

  break(error: Error): void {
    this.#broken = error;
    this.sink?.error(error);
  }
}
