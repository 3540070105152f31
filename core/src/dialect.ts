/** A dialect: the wire format of one operation, and the codec between its bytes and the neutral form. */
import type { ChatExpression } from './chat/features.ts';
import type { Stop } from './chat/response.ts';
import type { GatewayError, UpstreamError } from './errors.ts';
import type { Edit } from './json/edit.ts';
import type { Outline } from './json/outline.ts';
import type { EventOf, Operation, RequestOf, ResponseOf } from './operations.ts';
import type { ReplyHeaders } from './reply.ts';
import type { Frame, FrameListener } from './sse/frame.ts';
import type { Usage } from './usage.ts';

export type JsonObject = { [key: string]: unknown };

/** What a codec may know of the request besides its body. Header names are in lower case. */
export interface DecodeContext {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The model's name, for dialects whose bodies do not hold it. */
  readonly model?: string;
  /** Whether a stream was asked for, for dialects whose bodies do not say it. */
  readonly stream?: boolean;
}

/** What an encoder is told, and how it says what it cannot express. */
export interface EncodeContext {
  /** The model name to write. */
  readonly model: string;
  /**
   * Says that a field cannot be expressed. Throws `GW_UNSUPPORTED` naming the field, or, where the configuration
   * says `unsupported: drop`, notes a warning and returns; the codec then leaves the field out.
   */
  unsupported(field: string, reason: string): void;
  /** Notes something that is always left out and always said: another provider's thinking signature. */
  warn(field: string, reason: string): void;
  /** The request that is answered; only where an answer is encoded. Some answers depend on it: the format of a vector. */
  request?<O extends Operation = 'chat'>(): RequestOf<O>;
}

/** What can be read off a whole reply without building its neutral form. */
export interface Summary {
  readonly id?: string;
  readonly model?: string;
  readonly usage?: Usage;
  readonly stop?: Stop;
  /** An error inside a reply whose status said success. */
  readonly error?: UpstreamError;
}

/** What an observer saw in one frame; combined with `|`. */
export const Sight = {
  NOTHING: 0,
  /** The answer has begun: text, reasoning, a tool call. */
  CONTENT: 1,
  /** Every candidate has its stop reason, or the one that there is has. */
  STOP: 2,
  /** An error inside the stream; `observer.summary.error` has it. */
  ERROR: 4,
  /** The dialect's own end marker. */
  END: 8,
  /** The frame was asked for by the gateway, not by the client, and is not forwarded. */
  DROP: 16,
  /** The frame is forwarded with `frame.replacement` as its data. */
  REPLACE: 32,
  /** The frame is not what the dialect allows (its JSON does not parse). */
  MALFORMED: 64,
  /** The frame only keeps the connection open. */
  PING: 128,
} as const;

export interface ObserverOptions {
  /** The gateway asked for usage and the client did not: drop the usage frame again. */
  readonly dropUsage: boolean;
  /** Report this model name to the client instead of the provider's. */
  readonly model?: string;
}

/** Reads just enough of a passing stream to know its content, usage, errors and end. */
export interface StreamObserver {
  /** Looks at one frame and answers with a combination of {@link Sight}. Must not throw. */
  see(frame: Frame): number;
  /**
   * Asked before a frame of server-sent events is read: where it ends, if it brings more of the answer and goes on as it is;
   * -1 where {@link see} has to look at it. Must not throw.
   */
  passes?(ascii: string, at: number): number;
  /** The frames that end this stream with an error, where they depend on what was seen. Default: the codec's `encodeError`. */
  fail?(error: GatewayError): string | Buffer;
  /** What was seen so far. */
  readonly summary: Summary;
}

/** Turns the frames of one stream into neutral events. */
export interface EventDecoder<E> {
  /** The events of a frame. Throws `GW_UPSTREAM_INVALID` when the frame is not the dialect's. */
  push(frame: Frame): readonly E[];
  /**
   * Asked before a frame of server-sent events is read: where it ends, if it brings no more than the one event that
   * {@link passing} is then; -1 where {@link push} has to look at it.
   */
  passes?(ascii: string, at: number): number;
  readonly passing?: E | undefined;
  /** Called once when the bytes end; gives the events that were still due (open parts are closed). */
  end(): readonly E[];
}

/** Turns the neutral events of one stream into what is sent; keeps whatever state the dialect needs. */
export interface EventEncoder<E> {
  /** The bytes of an event: whole frames, as text where the dialect is text; '' where it has nothing to say. */
  push(event: E): string | Buffer;
  /** The frames that end this stream with an error, where they depend on what was sent. Default: the codec's `encodeError`. */
  fail?(error: GatewayError): string | Buffer;
}

/** Splits the bytes of a stream into frames; {@link SseSplitter} is the one for server-sent events. */
export interface FrameSplitter {
  /** Bytes of the frame that has begun and not ended. */
  readonly pending: number;
  /** The bytes that the offsets of the current call point into. */
  readonly bytes: Buffer;
  /** Takes the next bytes and tells of every frame that they complete. Answers the offset in `bytes` behind the last one. */
  push(chunk: Buffer): number;
  /** The stream has ended. Answers whether what was pending was a frame. */
  end(): boolean;
}

export interface StreamEncodeContext extends EncodeContext {
  /** The client asked for usage (always true in dialects that always send it). */
  readonly usage: boolean;
  readonly requestId: string;
}

export interface StreamCodec<O extends Operation = Operation> {
  decoder(): EventDecoder<EventOf<O>>;
  encoder(context: StreamEncodeContext): EventEncoder<EventOf<O>>;
  observer(options: ObserverOptions): StreamObserver;
  /** The frames that say a stream ended well; sent where a provider gave a stop reason and forgot its end marker. */
  readonly endFrames: string | Buffer;
  /** The frames that end a stream with one typed error. */
  encodeError(error: GatewayError, requestId: string): string | Buffer;
  /** The content type of a stream. Default: that of server-sent events. */
  readonly contentType?: string;
  /** How the bytes are framed, where they are not server-sent events; `Sight.REPLACE` is for those only. `maxFrame` in bytes. */
  splitter?(listener: FrameListener, maxFrame?: number): FrameSplitter;
}

/** How much a request may produce. */
export interface RequestSize {
  /** The most output tokens that the request allows for each candidate; absent where it does not say. */
  readonly maxOutput?: number;
  /** How many alternative answers are wanted. Absent means one. */
  readonly candidates?: number;
}

export interface RequestEdits {
  readonly edits: readonly Edit[];
  /** The edits ask for usage that the client did not ask for. */
  readonly usageInjected: boolean;
  /** What the edits leave out, for the client to be told of. */
  readonly warnings?: readonly { readonly field: string; readonly reason: string }[];
}

/** An answer that is not JSON. */
export interface RawAnswer {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Reads and writes whole answers that are not JSON. Where nobody wants to see one, its bytes pass as they arrive. */
export interface RawCodec<O extends Operation = Operation> {
  /** Throws `GW_UPSTREAM_INVALID` where the answer is not the dialect's. */
  decode(answer: RawAnswer): ResponseOf<O>;
  /** Undefined where this answer is JSON. */
  encode(response: ResponseOf<O>): RawAnswer | undefined;
  /** What the provider bills by where the answer itself does not tell: the characters of a text that was spoken. */
  usage?(request: RequestOf<O>): Usage | undefined;
}

export interface Codec<O extends Operation = Operation> {
  /** Throws `GW_BAD_REQUEST` with `param` where the body is not what the dialect allows. */
  decodeRequest(body: JsonObject, context: DecodeContext): RequestOf<O>;
  encodeRequest(request: RequestOf<O>, context: EncodeContext): JsonObject;
  /**
   * Called before a request of this dialect is encoded in another: says of what only servers of this dialect can do (what
   * they keep, how they work by themselves) that it cannot be expressed, and what to do instead. Answers with the request
   * without that. Where it is absent, the other codec says it, field by field.
   */
  depart?(request: RequestOf<O>, context: EncodeContext): RequestOf<O>;
  /** Throws `GW_UPSTREAM_INVALID` where the body is not the dialect's. */
  decodeResponse(body: JsonObject): ResponseOf<O>;
  encodeResponse(response: ResponseOf<O>, context: EncodeContext): JsonObject;
  /** Reads the request's model name, and whether a stream is wanted, off its outline. */
  readHead(body: Outline): { readonly model?: string; readonly stream: boolean };
  /** Reads how much may be produced off the outline; only meters ask. Without it the request is decoded for them. */
  readSize?(body: Outline): RequestSize;
  /** The edits that make the client's own bytes fit a target of the same dialect; none where they fit already. */
  editRequest(body: Outline, change: { readonly model: string; readonly usage: boolean }): RequestEdits;
  /** The edits that make a whole reply report another model name. */
  editResponse(body: Outline, change: { readonly model: string }): readonly Edit[];
  summarize(body: Outline): Summary;
  readonly stream?: StreamCodec<O>;
  /** For operations whose whole answers may be something else than JSON: sound, plain text. */
  readonly raw?: RawCodec<O>;
  /** A provider's error reply, read. `body` may be anything: HTML of a proxy, nothing at all. Header names are in lower case. */
  decodeError(status: number, body: Buffer, headers?: ReplyHeaders): UpstreamError;
  encodeError(error: GatewayError, requestId: string): JsonObject;
}

/** What tells of a request whether its answer is kept, and whether it goes on from one that is. */
export interface Keeping {
  /** Whether the provider keeps the answer under the id that the codec's `summarize` and observer tell. */
  keeps(body: Outline): boolean;
  /** The id of what the request goes on from, and the field that names it. Throws `GW_BAD_REQUEST` where it leads nowhere. */
  refers(body: Outline): { readonly id: string; readonly param: string } | undefined;
}

export interface Dialect<O extends Operation = Operation> {
  /** The vendor and its API, as in `acme-chat`. */
  readonly id: string;
  readonly operation: O;
  /** Where there is a `load`: only once that is done. */
  readonly codec: Codec<O>;
  /** Loads a codec that is not loaded until it is used; undefined once it is there. The core waits for it before it asks for `codec`. */
  load?(): Promise<void> | undefined;
  /**
   * Requests are forms (multipart/form-data). The codec sees and makes their fields as a JSON object: every value is a
   * string, a `FormFile`, or a list of them where the name comes more than once or ends in `[]`. `also`: JSON is taken too.
   */
  readonly form?: 'only' | 'also';
  /** Headers of the client's request that go on to a provider of the same dialect: exact names, or prefixes ending in `-`. */
  readonly requestHeaders: readonly string[];
  /** Headers of the provider's reply that go back to a client of the same dialect. */
  readonly replyHeaders: readonly string[];
  /** For dialects whose providers keep what they answer. */
  readonly keeping?: Keeping;
  /** For dialects of chats: what they can say of what others say. The table of translations is made of it. */
  readonly expresses?: ChatExpression;
}

/** Where a client's requests of one dialect come in. */
export interface Surface {
  /** Like a dialect's id, `acme-chat`; shown by `plan` and in records. */
  readonly id: string;
  readonly dialect: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path as @koa/router takes it: `/v1/models/:model`. */
  readonly path: string;
  /** Where several surfaces share a path, the first whose test holds is taken; one without a test comes last. */
  readonly when?: (
    headers: Readonly<Record<string, string | string[] | undefined>>,
    query?: URLSearchParams,
  ) => boolean;
  /** Headers besides `Authorization: Bearer` that may carry the key, in lower case. */
  readonly credentialHeaders?: readonly string[];
  /** For dialects that name the model, or ask for a stream, outside of the body: in the path, in the query. */
  readonly head?: (
    params: Readonly<Record<string, string>>,
    query: URLSearchParams,
  ) => { readonly model: string; readonly stream: boolean };
  /** For surfaces that read no body, whatever the method: the neutral request, from the path's parameters and the query. */
  readonly request?: (params: Readonly<Record<string, string>>, query: URLSearchParams) => unknown;
}
