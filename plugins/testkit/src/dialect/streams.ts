/** Streams: however their bytes are cut, they mean the same; and none that broke looks finished. */
import assert from 'node:assert/strict';
import { collect, GatewayError, isGatewayError, Sight, type ChatEvent, type StreamCodec } from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import { countsOf } from './answers.ts';
import { atRandom, EVERY_BYTE, replay, type Cuts } from './replay.ts';
import { contextOf, type DialectTrial } from './trial.ts';

type Body = (codec: StreamCodec, bytes: Buffer) => void;

export function streamTests({ samples: { streams = [] }, onDialect }: DialectTrial): void {
  const each = (name: string, body: Body): void => {
    streams.forEach((stream, index) => {
      onDialect(`stream ${index + 1}: ${name}`, ({ codec }) => {
        assert.ok(codec.stream !== undefined, 'The dialect has no streams.');
        body(codec.stream, Buffer.from(stream));
      });
    });
  };

  for (const [how, cuts] of [
    ['split at every byte', EVERY_BYTE],
    ['split at random', atRandom(7)],
    ['split at random once more', atRandom(1_000_003)],
  ] as const) {
    each(`means the same ${how}`, (codec, bytes) => sameWhen(codec, bytes, cuts));
  }

  each('is watched as it is decoded: the same usage, the same stop', (codec, bytes) => {
    const { events, summary, sights } = replay(codec, bytes);
    const { usage, candidates } = collect(events);
    assert.deepEqual(countsOf(summary.usage), countsOf(usage));
    const stopped = candidates.some(({ stop }) => stop !== undefined);
    assert.ok(stopped, 'The decoder saw no stop: the suite needs streams that ended well.');
    assert.ok(
      sights.some((sight) => (sight & Sight.STOP) !== 0),
      'The observer saw no stop.',
    );
    const content = events.some(({ type }) => type === 'part-delta' || type === 'part-start');
    assert.equal(
      sights.some((sight) => (sight & Sight.CONTENT) !== 0),
      content,
      'The observer and the decoder differ on content.',
    );
  });

  each('that breaks off before its stop has none', brokenOff);

  each('is the same again behind the neutral form', (codec, bytes) => {
    const { events } = replay(codec, bytes);
    const encoder = codec.encoder(contextOf(modelOf(events)));
    // Not every dialect has an end of its own; the core tells every encoder of one.
    const whole = events.at(-1)?.type === 'end' ? events : [...events, { type: 'end' } as const];
    const written = whole.map((event) => Buffer.from(encoder.push(event)));
    // Where the tier of service is told with what was used, it comes at the end.
    const { usage, serviceTier: _, ...before } = collect(events);
    const { usage: counted, serviceTier: __, ...after } = collect(replay(codec, Buffer.concat(written)).events);
    assert.deepEqual(after, before);
    assert.deepEqual(countsOf(counted), countsOf(usage));
  });

  each('that ends with an error of the gateway shows it', (codec, bytes) => {
    const first = firstFrame(codec, bytes);
    const error = codec.encodeError(new GatewayError('GW_UPSTREAM_CUT', 'It broke off.'), 'request-1');
    const { sights } = replay(codec, Buffer.concat([first, Buffer.from(error)]), undefined, false);
    assert.ok(
      sights.some((sight) => (sight & Sight.ERROR) !== 0),
      'The observer takes it for no error.',
    );
  });

  each('with a frame that is none is called invalid, or goes on; nothing else is thrown', (codec, bytes) => {
    for (const junk of JUNK) {
      try {
        replay(codec, Buffer.concat([firstFrame(codec, bytes), Buffer.from(junk)]), undefined, false);
      } catch (error) {
        assert.ok(isGatewayError(error), `${junk} threw ${String(error)}`);
      }
    }
  });
}

const JUNK = [
  'data: {\n\n',
  'data: null\n\n',
  'data: 7\n\n',
  'data: []\n\n',
  'data: {}\n\n',
  'event: odd\ndata: {"type":7}\n\n',
  '{"a":\n',
];

function sameWhen(codec: StreamCodec, bytes: Buffer, cuts: Cuts): void {
  const whole = replay(codec, bytes);
  const cut = replay(codec, bytes, cuts);
  assert.deepEqual(cut.events, whole.events);
  assert.deepEqual(cut.sights, whole.sights);
  assert.deepEqual(cut.summary, whole.summary);
}

function brokenOff(codec: StreamCodec, bytes: Buffer): void {
  const isStop = ({ type }: ChatEvent): boolean => type === 'stop';
  for (const end of frameEnds(codec, bytes)) {
    const before = bytes.subarray(0, end);
    // From here on the stop is there.
    if (replay(codec, before, undefined, false).events.some(isStop)) return;
    const { events, sights } = replay(codec, before);
    assert.ok(!events.some(isStop), `Cut behind ${end} bytes, the decoder tells of a stop that never came.`);
    const ends = sights.some((sight) => (sight & (Sight.STOP | Sight.END)) !== 0);
    assert.ok(!ends, `Behind ${end} bytes, the observer saw an end that the decoder did not.`);
  }
}

/** The offsets behind each frame. */
function frameEnds(codec: StreamCodec, bytes: Buffer): number[] {
  const ends: number[] = [];
  const take = (_frame: Frame, _start: number, end: number): void => void ends.push(end);
  const splitter = codec.splitter?.(take) ?? new SseSplitter(take);
  splitter.push(bytes);
  return ends;
}

function firstFrame(codec: StreamCodec, bytes: Buffer): Buffer {
  return bytes.subarray(0, frameEnds(codec, bytes)[0] ?? 0);
}

function modelOf(events: readonly ChatEvent[]): string {
  const start = events.find((event) => event.type === 'start');
  return start?.model ?? 'a-model';
}
