/** Recorded answers mean the same to the client of the other dialect, in the form that its own provider promises, and what is lost is said. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, type Decoded } from './decoding.ts';
import { startGateway, type TestGateway } from './gateways.ts';
import {
  anthropicMeaning,
  foreignBlocks,
  framesOf,
  gatherChunks,
  gatherEvents,
  openaiMeaning,
  type Meaning,
} from './meaning.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type Recording } from './recordings.ts';
import { isBroken, MODELS, serve } from './same-dialect.ts';
import { specsThere, violations, type SpecKind } from './specs.ts';
import { cutBySeed, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({ upstream: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const recordings = readRecordings().filter((recording) => !isBroken(recording));
const isOpenai = ({ dialect }: Recording): boolean => dialect === 'openai-chat';
const named = (list: readonly Recording[]): [string, Recording][] => list.map((one) => [one.name, one]);

let asked = 0;

/** What the client of the other dialect makes of a recording. */
function ask(recording: Recording, pieces?: readonly Buffer[]): Promise<Decoded> {
  const { dialect, stream } = recording;
  serve(upstream, recording, pieces);
  asked++;
  const other = dialect === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';
  return decode(other, { url: gateway.url, model: MODELS[dialect], stream });
}

/** What the client of the last answer was told of its losses. */
async function warnings(): Promise<string> {
  const { warnings } = await gateway.record(asked - 1);
  return warnings.map(({ field, reason }) => `${field}: ${reason}`).join('\n');
}

/** What the gateway wrote, each message or event by the schema of the client's own provider. */
function faults({ raw }: Decoded, { stream }: Recording, whole: SpecKind, part: SpecKind): string[] {
  if (!specsThere) return [];
  if (!stream) return [...violations(whole, JSON.parse(raw))];
  const told = framesOf(raw).filter(({ type }) => type !== 'ping');
  return [...new Set(told.flatMap((frame) => violations(part, frame)))];
}

/** `stop_reason` for `finish_reason`; a call is what the client must act on, whatever the server calls it. */
function stopForAnthropic({ stop, calls, refusal }: Meaning): string | undefined {
  if (stop === 'stop') return calls.length > 0 ? 'tool_use' : refusal === '' ? 'end_turn' : 'refusal';
  const words = { length: 'max_tokens', tool_calls: 'tool_use', function_call: 'tool_use', content_filter: 'refusal' };
  return words[stop as keyof typeof words];
}

const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  // The answer is not finished, and must not look so.
  pause_turn: 'length',
  compaction: 'length',
  model_context_window_exceeded: 'length',
};

/** What an answer of OpenAI's dialect has that a message has nothing for: what the warning must name, and where it is. */
const LOST: readonly (readonly [string, RegExp])[] = [
  ['audio', /"audio":\s*\{\s*"/],
  ['choices', /"index":\s*1,\s*"(message|delta)":/],
];

describe.skipIf(!recordingsThere)(`answers of OpenAI's dialect to Anthropic's client${RECORDINGS_ABSENCE}`, () => {
  const good = recordings.filter((recording) => isOpenai(recording) && recording.status === 200);

  test.each(named(good))('%s', async (_name, recording) => {
    const text = recording.body.toString();
    const meant = openaiMeaning(recording.stream ? gatherChunks(framesOf(text)) : JSON.parse(text));
    const expected = { ...meant, text: meant.text + meant.refusal, refusal: '', stop: stopForAnthropic(meant) };
    for (const pieces of [[recording.body], cutBySeed(recording.body, 11)]) {
      const seen = await ask(recording, pieces);
      expect(seen.failure).toBeUndefined();
      expect(anthropicMeaning(seen.final)).toEqual(expected);
      expect(faults(seen, recording, 'anthropic-response', 'anthropic-event')).toEqual([]);
      const said = await warnings();
      for (const [field, where] of LOST) if (where.test(text)) expect(said).toContain(field);
    }
  });
});

test.skipIf(!recordingsThere).each(LOST)(
  `some recording has what is lost as %s${RECORDINGS_ABSENCE}`,
  (_field, where) => {
    const having = recordings.filter((one) => isOpenai(one) && one.status === 200 && where.test(one.body.toString()));
    expect(having).not.toEqual([]);
  },
);

describe.skipIf(!recordingsThere)(`answers of Anthropic to OpenAI's client${RECORDINGS_ABSENCE}`, () => {
  const good = recordings.filter((recording) => !isOpenai(recording) && recording.status === 200);

  test.each(named(good))('%s', async (_name, recording) => {
    const text = recording.body.toString();
    const message = recording.stream ? gatherEvents(framesOf(text)) : (JSON.parse(text) as unknown);
    const meant = anthropicMeaning(message);
    for (const pieces of [[recording.body], cutBySeed(recording.body, 13)]) {
      const seen = await ask(recording, pieces);
      expect(seen.failure).toBeUndefined();
      const answer = recording.stream ? gatherChunks(framesOf(seen.raw)) : seen.final;
      expect(openaiMeaning(answer)).toEqual({ ...meant, stop: FINISH[meant.stop ?? ''] });
      expect(faults(seen, recording, 'openai-response', 'openai-chunk')).toEqual([]);
      const said = await warnings();
      // Server tools, compactions and the like: each kind is named, none is passed over in silence.
      for (const type of foreignBlocks(message)) expect(said).toContain(`"${type}"`);
      if (/"citations?":\s*[[{][^\]]/.test(text)) expect(said).toContain('citations');
    }
  });
});

describe.skipIf(!recordingsThere)(`recorded errors to the other client${RECORDINGS_ABSENCE}`, () => {
  const failed = recordings.filter(({ status }) => status !== 200);

  test.each(named(failed))('%s', async (_name, recording) => {
    const { failure } = await ask(recording);
    const body = JSON.parse(recording.body.toString()) as { error: { message: string } };
    expect(failure?.status).toBe(recording.status);
    expect(failure?.message).toContain(body.error.message);
  });
});
