/** Tools for the byte paths: what dialect and provider plugins build on. */
export type { TextDelta } from './chat/delta-form.ts';
export { PartQueue } from './chat/part-queue.ts';
export { keeperOf, nested, restFields, restore, type Keeper } from './chat/rest.ts';
export { SteadyDecoder, type SteadyInner } from './chat/steady-decoder.ts';
export { applyEdits, type Edit } from './json/edit.ts';
export { compact, isKnown, omit } from './json/members.ts';
export { quoted } from './json/quoted.ts';
export { isMissing, isObject, Reading } from './json/reading.ts';
export { requestSize } from './json/request-size.ts';
export { Writing, type Reader } from './json/writing.ts';
export { DEFAULT_MAX_DEPTH, Outline, outlineOf, type Member } from './json/outline.ts';
export { Bearer } from './http/bearer.ts';
export { CredentialMask } from './http/credential-mask.ts';
export { requestToken, type TokenAnswer, type TokenRequest } from './http/token-request.ts';
export type { TokenOrigin } from './http/token-source.ts';
export { Upstream, type UpstreamOptions, type UpstreamRequest } from './http/upstream.ts';
export type { Frame, FrameListener } from './sse/frame.ts';
export { SseSplitter } from './sse/splitter.ts';
