/** Makes the body that an attempt sends: the client's own bytes where they fit, else the request encoded for the target. */
import type { CompletionRequest } from '../../chat/completion.ts';
import { chatOf } from '../../chat/completion-chat.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { JsonObject, RequestEdits } from '../../dialect.ts';
import { GatewayError, isGatewayError } from '../../errors.ts';
import { applyEdits, editedPieces, type Edit } from '../../json/edit.ts';
import { LONG_STRING } from '../../json/long-data.ts';
import type { Outline } from '../../json/outline.ts';
import { encodeContext } from './encode-context.ts';
import { forwardedHeaders } from '../headers.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Throws `GW_UNSUPPORTED` where the target cannot express the request. Answers with what is to be waited for, if anything is. */
export function prepare(attempt: LiveAttempt): Promise<void> | undefined {
  const loading = attempt.service.dialect.load?.();
  if (loading !== undefined) return loading.then(() => make(attempt));
  make(attempt);
  return undefined;
}

function make(attempt: LiveAttempt): void {
  if (attempt.exchange.operation === 'kept') {
    attempt.kept = attempt.exchange.request<'kept'>();
    attempt.headers = forwardedHeaders(attempt.exchange, attempt.service.dialect);
    return;
  }
  makeBody(attempt);
  const { exchange, service } = attempt;
  if (exchange.upload !== undefined && attempt.body !== undefined) {
    attempt.form = exchange.upload.body(JSON.parse(attempt.body.toString()) as JsonObject);
  } else if (service.dialect.form === 'only') {
    const message = `${attempt.target.id} takes "${exchange.operation}" with a file, and this request has none.`;
    throw new GatewayError('GW_UNSUPPORTED', message, { target: attempt.target.id });
  }
}

function makeBody(attempt: LiveAttempt): void {
  const { exchange, service } = attempt;
  const { dialect, operation } = service;
  attempt.headers = forwardedHeaders(exchange, dialect);
  const wantsUsage = attempt.stream && operation.streamUsage !== false;
  const own = attempt.maxOutput === undefined && (attempt.joining ?? 'replay') === 'replay';
  const passes = exchange.dialect === dialect && !exchange.requestChanged && own;
  if (!passes || exchange.body === undefined) {
    write(attempt, () => stringify(attempt, encode(attempt, wantsUsage)));
    return;
  }
  const change = { model: attempt.target.model, usage: wantsUsage };
  const { edits, usageInjected, warnings = [] } = dialect.codec.editRequest(exchange.body, change);
  attempt.usageInjected = usageInjected;
  if (warnings.length > 0) tell(attempt, warnings);
  if (operation.adjust === undefined) edit(attempt, exchange.body.bytes, edits);
  else adjust(attempt, exchange.body, edits);
}

/** A large body is not copied for a few other bytes in it. */
function edit(attempt: LiveAttempt, bytes: Buffer, edits: readonly Edit[]): void {
  if (bytes.length > LONG_STRING && edits.length > 0) attempt.pieces = editedPieces(bytes, edits);
  else attempt.body = applyEdits(bytes, edits);
}

function adjust(attempt: LiveAttempt, { bytes, longData }: Outline, edits: readonly Edit[]): void {
  const adjusted = (json: Buffer): string => stringify(attempt, JSON.parse(json.toString()) as JsonObject);
  attempt.pieces = longData?.written(() => adjusted(longData.marked(edits)));
  if (attempt.pieces === undefined) attempt.body = Buffer.from(adjusted(applyEdits(bytes, edits)));
}

/** Long data of the client's goes out as it came. */
function write(attempt: LiveAttempt, text: () => string): void {
  attempt.pieces = attempt.exchange.body?.longData?.written(text);
  if (attempt.pieces === undefined) attempt.body = Buffer.from(text());
}

function encode(attempt: LiveAttempt, wantsUsage: boolean): JsonObject {
  const { exchange, service, target } = attempt;
  const asked = requestOf(attempt);
  const request = clamp({ ...asked, model: target.model }, attempt.maxOutput);
  const sameUsage = asked.streamUsage === true || !wantsUsage;
  const complete: ChatRequest = sameUsage ? request : { ...request, streamUsage: true };
  attempt.usageInjected = !sameUsage && exchange.dialect === service.dialect;
  const context = encodeContext(exchange, target.model, target.unsupported, target.id);
  const standsIn = service.asked === 'chat' && exchange.operation === 'completions';
  const neutral = standsIn ? chatOf(complete as unknown as CompletionRequest, context) : complete;
  const client = exchange.dialect === service.dialect || standsIn ? undefined : exchange.dialect?.codec;
  return service.dialect.codec.encodeRequest(client?.depart?.(neutral, context) ?? neutral, context);
}

/** What the client asked for; where another target broke off, with what it had said. */
function requestOf({ exchange, joining }: LiveAttempt): ChatRequest {
  const request = exchange.request();
  if (exchange.rescue === undefined || joining === undefined || joining === 'replay') return request;
  return exchange.rescue.continued(request);
}

function tell({ exchange, target }: LiveAttempt, warnings: NonNullable<RequestEdits['warnings']>): void {
  const context = encodeContext(exchange, target.model, target.unsupported, target.id);
  for (const { field, reason } of warnings) context.warn(field, reason);
}

function clamp(request: ChatRequest, maxOutput: number | undefined): ChatRequest {
  if (maxOutput === undefined || (request.maxOutput ?? Infinity) <= maxOutput) return request;
  return { ...request, maxOutput };
}

function stringify(attempt: LiveAttempt, body: JsonObject): string {
  const { exchange, service, target } = attempt;
  const { operation, provider } = service;
  if (operation.adjust === undefined) return JSON.stringify(body);
  try {
    const context = encodeContext(exchange, target.model, target.unsupported, target.id);
    return JSON.stringify(operation.adjust(body, target, context));
  } catch (cause) {
    // What the provider cannot express is the request's business, not a fault of the plugin.
    if (isGatewayError(cause)) throw cause;
    const message = `The provider "${provider.id}" could not adjust the request: ${(cause as Error).message}`;
    throw new GatewayError('GW_PLUGIN_FAILED', message, { plugin: provider.tap.spec.plugin.id, hook: 'call', cause });
  }
}
