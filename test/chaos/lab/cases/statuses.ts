/** Providers that answer with an error status. */
import type { LabCase } from '../case.ts';
import { failure, head, whole } from '../reply.ts';
import { good } from '../words.ts';

const busy = (headers: Record<string, string>) => failure(429, 'slow down', { code: 'rate_limit_exceeded' }, headers);
const down = failure(503, 'down for maintenance');
const oops = failure(500, 'oops');
const once = { retries: 1 };

/** The date is that of the next whole second but one: at least one second away. */
const busyUntil = (): string =>
  head(429, { 'content-length': '0', 'retry-after': new Date(Date.now() + 2000).toUTCString() });

const tooLong = failure(400, 'This model has a maximum context length of 8192 tokens.', {
  code: 'context_length_exceeded',
  type: 'invalid_request_error',
});
const filtered = failure(400, 'The prompt was filtered.', { code: 'content_filter' });

export const statuses: readonly LabCase[] = [
  {
    name: '429 once, Retry-After in seconds',
    first: [busy({ 'retry-after': '1' }), good(false)],
    second: 'none',
    streamed: false,
    config: once,
    ends: 'first',
    asked: '2+0',
    pause: 1000,
    own: 1000,
  },
  {
    name: '429 once, Retry-After as a date',
    first: [[busyUntil], good(true)],
    second: 'none',
    streamed: true,
    config: once,
    ends: 'first',
    asked: '2+0',
    pause: 1000,
    own: 2000,
  },
  {
    name: '429 once, retry-after-ms',
    first: [busy({ 'retry-after-ms': '300' }), good(true)],
    second: 'none',
    streamed: true,
    config: once,
    ends: 'first',
    asked: '2+0',
    pause: 300,
    own: 300,
  },
  {
    name: '429 with Retry-After, and another target',
    first: [busy({ 'retry-after': '1' })],
    streamed: true,
    config: once,
    ends: 'second',
    asked: '1+1',
  },
  {
    name: '429 for ever, Retry-After beyond patience',
    first: [busy({ 'retry-after': '3600' })],
    streamed: true,
    config: once,
    ends: 'second',
    asked: '1+1',
  },
  {
    name: '429 for ever, no other target',
    first: [busy({})],
    second: 'none',
    streamed: false,
    config: once,
    ends: { status: 429, says: /slow down/ },
    asked: '2+0',
  },
  { name: '500 once', first: [oops, good(true)], streamed: true, config: once, ends: 'first', asked: '2+0' },
  { name: '503 for ever', first: [down], streamed: true, config: once, ends: 'second', asked: '2+1' },
  {
    name: 'every target fails',
    first: [down],
    second: [oops],
    streamed: true,
    ends: { status: 503, says: /down/ },
    asked: '1+1',
  },
  {
    name: 'redirect to elsewhere',
    first: [whole(302, '', { location: 'http://127.0.0.1:9/v1/chat/completions' })],
    streamed: false,
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'request that is wrong',
    first: [failure(400, 'bad temperature', { param: 'temperature' })],
    streamed: true,
    config: { retries: 2 },
    ends: { status: 400, says: /bad temperature/ },
    asked: '1+0',
  },
  {
    name: 'key that the provider refuses',
    first: [failure(401, 'bad key')],
    streamed: true,
    config: { retries: 2 },
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'context length, no fallback for it',
    first: [tooLong],
    streamed: true,
    config: { retries: 2 },
    ends: { status: 400, says: /maximum context length/ },
    asked: '1+0',
  },
  {
    name: 'context length, contextFallbacks',
    first: [tooLong],
    streamed: true,
    model: { fallbacks: [], contextFallbacks: ['backup'] },
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'content filter, no fallback for it',
    first: [filtered],
    streamed: false,
    ends: { status: 400, says: /filtered/ },
    asked: '1+0',
  },
  {
    name: 'content filter, contentFallbacks',
    first: [filtered],
    streamed: false,
    model: { fallbacks: [], contentFallbacks: ['backup'] },
    ends: 'second',
    asked: '1+1',
  },
];
