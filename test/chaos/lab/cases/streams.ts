/** Streams that break, stall, lie or never end after their content began. */
import type { LabCase } from '../case.ts';
import { EXCEPTION, SPOILED, UNDECLARED } from '../event-stream.ts';
import { EVENT_STREAM, failure, stream, whole } from '../reply.ts';
import { CLOSE, RESET, STALL } from '../server.ts';
import { BEGINNING, ENDING, FRAMES, HALVES, openai, PIECES } from '../words.ts';

const BROKEN = { breaks: 'One, two, ' } as const;
const streamed = true;

const breaks = (name: string, frames: Parameters<typeof stream>[0], more: Partial<LabCase> = {}): LabCase => ({
  name,
  first: [stream(frames)],
  streamed,
  ends: BROKEN,
  asked: '1+0',
  ...more,
});

const inOwnForm = (provider: 'anthropic' | 'gemini' | 'cohere' | 'ollama', says: RegExp): LabCase => ({
  name: `error frame of ${provider}`,
  first: [
    stream(
      HALVES[provider],
      provider === 'ollama' ? { ...EVENT_STREAM, 'content-type': 'application/x-ndjson' } : EVENT_STREAM,
    ),
  ],
  streamed,
  provider,
  ends: { ...BROKEN, says },
  asked: '1+0',
});

const bedrock = (name: string, frames: readonly Buffer[], says: RegExp): LabCase => ({
  name,
  first: [stream(frames, { ...EVENT_STREAM, 'content-type': 'application/vnd.amazon.eventstream' })],
  streamed,
  provider: 'bedrock',
  ends: { ...BROKEN, says },
  asked: '1+0',
});

/** Less than all of the time that an answer may take. */
const SAYS = { timeouts: { content: 500 } };
const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

const half = openai.text(PIECES[2]).slice(0, 60);
const [role, one, two] = BEGINNING as [string, string, string];

export const streams: readonly LabCase[] = [
  breaks('cut between events', [...BEGINNING, RESET], { ends: { ...BROKEN, says: /broke/ } }),
  breaks('cut inside an event', [...BEGINNING, half, RESET]),
  breaks('closed without an end', [...BEGINNING, CLOSE]),
  breaks('ends without a finish reason', [...BEGINNING]),
  breaks('end marker without a finish reason', [...BEGINNING, openai.done]),
  breaks('stall', [...BEGINNING, STALL], { own: 400, ends: { ...BROKEN, says: /silent/ } }),
  breaks('error frame of openai', [...BEGINNING, 'data: {"error":{"message":"overloaded","code":"busy"}}\n\n'], {
    ends: { ...BROKEN, says: /overloaded/ },
  }),
  inOwnForm('anthropic', /Overloaded/),
  inOwnForm('gemini', /overloaded/),
  inOwnForm('cohere', /failed/),
  inOwnForm('ollama', /terminated/),
  bedrock('error frame of bedrock', EXCEPTION, /too slow/),
  bedrock('error frame of bedrock, undeclared', UNDECLARED, /lost/),
  bedrock('spoiled message of bedrock', SPOILED, /checksum/),
  {
    name: 'one malformed event',
    first: [stream([role, one, 'data: {"id": "c-1", "cho\n\n', two, ...ENDING, openai.done])],
    streamed,
    ends: 'first',
    asked: '1+0',
  },
  {
    name: 'invalid UTF-8',
    first: [stream([role, Buffer.from(openai.text('One\xff, '), 'latin1'), ...FRAMES.slice(2)])],
    streamed,
    ends: 'first',
    asked: '1+0',
    text: 'One\ufffd, two, three, four.',
  },
  {
    name: 'missing end marker',
    first: [stream([...BEGINNING, ...ENDING])],
    streamed,
    ends: 'first',
    asked: '1+0',
  },
  {
    name: 'missing end marker, and a reset',
    first: [stream([...BEGINNING, ...ENDING, RESET])],
    streamed,
    ends: 'first',
    asked: '1+0',
  },
  {
    name: 'missing usage',
    first: [stream([...BEGINNING, ...ENDING.slice(0, -1), openai.done])],
    streamed,
    ends: 'first',
    asked: '1+0',
    untold: true,
  },
  breaks('gigantic event without a line end', [...BEGINNING, `data: ${'x'.repeat(3_000_000)}`, STALL], {
    config: { limits: { event: '1mb' } },
  }),
  breaks('endless stream', [role, one, two, { endless: openai.nothing, every: 5 }], { own: 2500 }),
  breaks('comments for ever', [role, one, two, { endless: ': still here\n\n', every: 50 }], {
    model: SAYS,
    ends: { ...BROKEN, says: /say anything/ },
    own: 500,
  }),
  breaks('pings for ever', [...HALVES.anthropic.slice(0, -1), { endless: PING, every: 50 }], {
    provider: 'anthropic',
    model: SAYS,
    ends: { ...BROKEN, says: /say anything/ },
    own: 500,
  }),
  {
    name: 'pings between slow events',
    first: [
      stream([role, one, ...Array.from({ length: 12 }, () => [': still here\n\n', 50]).flat(), ...FRAMES.slice(2)]),
    ],
    streamed,
    model: { timeouts: { content: 2000 } },
    ends: 'first',
    asked: '1+0',
    own: 600,
  },
  {
    name: 'error frame before content',
    first: [stream([role, 'data: {"error":{"message":"overloaded","code":"busy"}}\n\n'])],
    streamed,
    ends: 'second',
    asked: '1+1',
  },
  { name: 'role and nothing else', first: [stream([role])], streamed, ends: 'second', asked: '1+1' },
];

const resume = { rescue: 'resume' };
const cut = stream([...BEGINNING, RESET]);

export const rescues: readonly LabCase[] = [
  { name: 'cut, resumed', first: [cut], streamed, model: resume, ends: 'first', asked: '1+1' },
  {
    name: 'stall, resumed',
    first: [stream([...BEGINNING, STALL])],
    streamed,
    model: resume,
    ends: 'first',
    asked: '1+1',
    own: 400,
  },
  {
    name: 'cut, and the fallback says something else',
    first: [cut],
    second: [stream([role, openai.text('Five, six.'), openai.stop, openai.usage, openai.done])],
    streamed,
    model: resume,
    ends: { ...BROKEN, says: /broke/ },
    asked: '1+1',
  },
  {
    name: 'cut, and the fallback rejects a continued answer',
    first: [cut],
    second: [failure(400, 'the last message must be of the user')],
    streamed,
    model: resume,
    ends: { ...BROKEN, says: /broke/ },
    asked: '1+1',
  },
  {
    name: 'cut, held',
    first: [cut],
    streamed,
    model: { rescue: 'hold' },
    ends: 'second',
    asked: '1+1',
  },
  {
    name: 'cut, held, no other target',
    first: [cut],
    second: 'none',
    streamed,
    model: { rescue: 'hold' },
    ends: { status: 502 },
    asked: '1+0',
  },
  {
    name: 'first comment, then failure',
    first: [[600, ...failure(503, 'down')]],
    second: 'none',
    streamed,
    config: { keepAlive: 100, timeouts: { connect: 500, headers: 2000, firstToken: 2000, idle: 2000, total: 3000 } },
    ends: { status: 200, says: /down/ },
    asked: '1+0',
    own: 600,
  },
  {
    name: 'whole answer that breaks, held',
    first: [[...whole(200, '{"id"', { 'content-length': '50' }), RESET]],
    streamed: false,
    model: { rescue: 'hold' },
    ends: 'second',
    asked: '1+1',
  },
];
