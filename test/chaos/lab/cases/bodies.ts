/** Answers whose status says success, and whose bodies do not. */
import { constants, gzipSync } from 'node:zlib';
import type { LabCase } from '../case.ts';
import { head, stream, whole } from '../reply.ts';
import { RESET } from '../server.ts';
import { ANSWER, BEGINNING, FRAMES, good, openai } from '../words.ts';

const packed = gzipSync(ANSWER);
const packedStream = gzipSync(FRAMES.join(''));
/** Flushed, and without the end of the file. */
const half = gzipSync(BEGINNING.join(''), { finishFlush: constants.Z_SYNC_FLUSH });
const gzip = { 'content-encoding': 'gzip' };
const EMPTY_CHOICES = JSON.stringify({ id: 'c-1', object: 'chat.completion', created: 1, model: 'm', choices: [] });

/** Another target answers, whether or not a stream was asked for. */
const failsOver = (name: string, steps: (streamed: boolean) => LabCase['first']): LabCase[] =>
  [false, true].map((streamed) => ({
    name: `${name}${streamed ? ', streamed' : ''}`,
    first: steps(streamed),
    streamed,
    ends: 'second',
    asked: '1+1',
  }));

export const bodies: readonly LabCase[] = [
  ...failsOver('200 with an error body', () => [
    whole(200, '{"error":{"message":"overloaded","type":"server_error"}}'),
  ]),
  ...failsOver('200 with an empty body', (streamed) => [streamed ? stream([]) : whole(200, '')]),
  ...failsOver('empty choices', (streamed) => [
    streamed ? stream([openai.nothing, openai.done]) : whole(200, EMPTY_CHOICES),
  ]),
  ...failsOver('wrong content type', () => [whole(200, '<html>Sign in</html>', { 'content-type': 'text/html' })]),
  ...failsOver('no JSON', () => [whole(200, '{"id": "c-1", "choices"')]),
  ...failsOver('truncated gzip', (streamed) => [
    [
      head(200, {
        'content-type': streamed ? 'text/event-stream' : 'application/json',
        'content-length': '20',
        ...gzip,
      }),
      packed.subarray(0, 20),
    ],
  ]),
  {
    name: 'gzip that nobody asked for',
    first: [whole(200, packed, gzip)],
    streamed: false,
    ends: 'first',
    asked: '1+0',
  },
  {
    name: 'gzip that nobody asked for, streamed',
    first: [whole(200, packedStream, { ...gzip, 'content-type': 'text/event-stream' })],
    streamed: true,
    ends: 'first',
    asked: '1+0',
  },
  {
    name: 'gzip that breaks after content',
    first: [[head(200, { 'content-type': 'text/event-stream', 'content-length': '5000', ...gzip }), half, 100, RESET]],
    streamed: true,
    ends: { breaks: 'One, two, ' },
    asked: '1+0',
  },
  {
    name: 'answer that is larger than may be kept',
    first: [whole(200, ANSWER.replace('"model"', `"pad":"${'x'.repeat(100_000)}","model"`))],
    streamed: false,
    config: { limits: { reply: '50kb' } },
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'JSON where a stream was asked for',
    first: [good(false)],
    streamed: true,
    ends: 'first',
    asked: '1+0',
  },
];
