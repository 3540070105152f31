/** Providers that cannot be reached, fall silent or hang up. */
import type { LabCase } from '../case.ts';
import { EVENT_STREAM, head, stream, whole } from '../reply.ts';
import { CLOSE, RESET, STALL } from '../server.ts';
import { ANSWER, BEGINNING, good, openai } from '../words.ts';

/** Nobody listens on the discard port of a loopback. */
const REFUSED = { url: 'http://127.0.0.1:9' };
/** A name that never resolves (RFC 6761, section 6.4). */
const NOWHERE = { url: 'http://provider.invalid' };

export const connections: readonly LabCase[] = [
  { name: 'connection refused', first: REFUSED, streamed: true, ends: 'second', asked: '0+1' },
  { name: 'DNS failure', first: NOWHERE, streamed: true, ends: 'second', asked: '0+1' },
  {
    name: 'connection refused, no other target',
    first: REFUSED,
    second: 'none',
    streamed: false,
    ends: { status: 502, says: /could not be reached/ },
    asked: '0+0',
  },
  { name: 'reset before headers', first: [[RESET]], streamed: true, ends: 'second', asked: '1+1' },
  {
    name: 'reset before headers once',
    first: [[RESET], good(true)],
    streamed: true,
    config: { retries: 1 },
    ends: 'first',
    asked: '2+0',
  },
  {
    name: 'reset after headers',
    first: [[head(200, EVENT_STREAM), RESET]],
    streamed: true,
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'accept and silence',
    first: [[STALL]],
    streamed: false,
    config: { retries: 3 },
    ends: 'second',
    asked: '1+1',
    own: 500,
  },
  {
    name: 'silence, no other target',
    first: [[STALL]],
    second: 'none',
    streamed: true,
    config: { retries: 3 },
    ends: { status: 504 },
    asked: '1+0',
    own: 500,
  },
  {
    name: 'headers, then silence',
    first: [[head(200, EVENT_STREAM), STALL]],
    streamed: true,
    config: { retries: 3 },
    ends: 'second',
    asked: '1+1',
    own: 400,
  },
  {
    name: 'slow first token',
    first: [stream([openai.role, 200, openai.role, 200, openai.role, 200, openai.role, STALL])],
    streamed: true,
    ends: 'second',
    asked: '1+1',
    own: 500,
  },
  {
    name: 'slow first token, and the caller has less patience',
    first: [[STALL]],
    second: [[STALL]],
    streamed: true,
    headers: { 'x-gatewright-timeout': '700ms' },
    ends: { status: 504 },
    asked: '1+1',
    own: 700,
  },
  {
    name: 'slow drip of a whole answer',
    first: [[...whole(200, '', { 'content-length': '5000' }), { endless: ' ', every: 50 }]],
    streamed: false,
    config: { timeouts: { connect: 500, headers: 500, firstToken: 500, idle: 400, total: 900 } },
    ends: 'second',
    asked: '1+1',
    own: 900,
  },
  {
    name: 'slow drip of a stream',
    first: [stream([openai.role, { endless: ':', every: 50 }])],
    streamed: true,
    ends: 'second',
    asked: '1+1',
    own: 500,
  },
  {
    name: 'broken chunked encoding',
    first: [[head(200, EVENT_STREAM), 'zz\r\nnot a chunk\r\n', CLOSE]],
    streamed: true,
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'broken chunked encoding after content',
    first: [[...stream([...BEGINNING, CLOSE]).slice(0, -1), 'zz\r\n', CLOSE]],
    streamed: true,
    ends: { breaks: 'One, two, ' },
    asked: '1+0',
  },
  {
    name: 'whole answer cut',
    first: [[head(200, { 'content-type': 'application/json', 'content-length': '5000' }), ANSWER, RESET]],
    streamed: false,
    ends: 'second',
    asked: '1+1',
  },
];
