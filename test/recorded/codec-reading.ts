/** What a codec makes of an answer, as the gateway would have it made. */
import { collect, GatewayError, isGatewayError, Sight } from '@gatewright/core';
import type { ChatEvent, Dialect, JsonObject, StreamCodec, UpstreamError, Usage } from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import type { Answer } from './answers.ts';

/** What was read. */
export interface ReadAnswer {
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  /** A stream has told its stop; a whole answer is whole. */
  readonly complete: boolean;
  /** The provider's own error, or the gateway's typed one where the bytes are no good. */
  readonly error: UpstreamError | GatewayError | undefined;
}

/** Throws whatever is no typed error. */
export function readAnswer(dialect: Dialect, answer: Answer): ReadAnswer {
  const { status, stream, body } = answer;
  if (status >= 400) return failed(dialect.codec.decodeError(status, body));
  try {
    if (stream) return readStream(dialect.codec.stream as unknown as StreamCodec<'chat'>, body);
    const response = dialect.codec.decodeResponse(JSON.parse(body.toString()) as JsonObject) as object;
    const { usage, model } = response as { usage?: Usage; model?: string };
    return { usage, model, complete: true, error: undefined };
  } catch (error) {
    if (isGatewayError(error)) return failed(error);
    throw error;
  }
}

const failed = (error: UpstreamError | GatewayError): ReadAnswer => ({
  usage: undefined,
  model: undefined,
  complete: false,
  error,
});

function readStream(codec: StreamCodec<'chat'>, bytes: Buffer): ReadAnswer {
  const decoder = codec.decoder();
  const observer = codec.observer({ dropUsage: false });
  const events: ChatEvent[] = [];
  let broken: Error | undefined;
  const take = (frame: Frame): void => {
    const isMalformed = (observer.see(frame) & Sight.MALFORMED) !== 0;
    try {
      events.push(...decoder.push(frame));
      if (isMalformed) throw new GatewayError('GW_UPSTREAM_INVALID', 'The observer alone calls a frame malformed.');
    } catch (error) {
      broken ??= error as Error;
    }
  };
  const splitter = codec.splitter?.(take) ?? new SseSplitter(take);
  splitter.push(bytes);
  splitter.end();
  if (broken !== undefined) throw broken;
  events.push(...decoder.end());
  const error = events.find((event) => event.type === 'error');
  if (error !== undefined) return failed({ status: error.status, message: error.message });
  const { usage, model, candidates } = collect(events);
  return { usage, model, complete: candidates.every(({ stop }) => stop !== undefined), error: undefined };
}
