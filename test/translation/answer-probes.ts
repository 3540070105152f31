/** One answer for each thing that answers can have, in the neutral form, and where to look for the thing. */
import { NO_USAGE, type AnswerFeature, type Candidate, type ChatResponse, type Part } from '@gatewright/core';
import { STRANGER } from './request-probes.ts';

/** An answer without the thing, one with it, and what of an answer the thing is. */
export interface AnswerProbe {
  readonly without: ChatResponse;
  readonly with: ChatResponse;
  readonly look: (response: ChatResponse) => unknown;
}

const HELLO: Part = { type: 'text', text: 'Hello.' };
const USAGE = { ...NO_USAGE, input: 100, output: 50 };

function answer(parts: readonly Part[], candidate: Partial<Candidate> = {}, more: object = {}): ChatResponse {
  const only: Candidate = { index: 0, parts, stop: { reason: 'stop' }, ...candidate };
  return { id: 'answer-1', model: 'm', created: 1_700_000_000, candidates: [only], usage: USAGE, ...more };
}

const PLAIN = answer([HELLO]);

/** The thing is a part, in front of a text. */
function part(found: Part, besides: readonly Part[] = [HELLO], without: readonly Part[] = besides): AnswerProbe {
  return {
    without: answer(without),
    with: answer([found, ...besides]),
    look: ({ candidates }) => candidates[0]?.parts.find(({ type }) => type === found.type),
  };
}

const stop = (reason: 'length' | 'content-filter' | 'stop-sequence', more: object = {}): AnswerProbe => ({
  without: PLAIN,
  with: answer([HELLO], { stop: { reason, ...more } }),
  look: ({ candidates }) => [candidates[0]?.stop?.reason, candidates[0]?.stop?.sequence],
});

const usage = (counts: Partial<typeof NO_USAGE>): AnswerProbe => ({
  without: PLAIN,
  with: answer([HELLO], {}, { usage: { ...USAGE, ...counts } }),
  look: (response) => (Object.keys(counts) as (keyof typeof NO_USAGE)[]).map((key) => response.usage?.[key]),
});

const CALL: Part = { type: 'tool-call', id: 'call_1', name: 'look', arguments: '{"at":"sky"}' };
const THOUGHT: Part = { type: 'reasoning', text: 'Because.', origin: STRANGER };
const SOUND = { kind: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' } as const;

export const ANSWER_PROBES: Readonly<Record<AnswerFeature, AnswerProbe>> = {
  text: part(HELLO, [], []),
  'several-texts': {
    without: PLAIN,
    with: answer([HELLO, { type: 'text', text: 'Bye.' }]),
    look: ({ candidates }) => candidates[0]?.parts,
  },
  refusal: part({ type: 'refusal', text: 'No.' }, []),
  reasoning: part(THOUGHT),
  'reasoning-signature': part({ ...THOUGHT, signature: 'c2ln' }, [HELLO], [THOUGHT, HELLO]),
  'reasoning-redacted': part({ type: 'reasoning', text: '', redacted: 'c2VjcmV0', origin: STRANGER }),
  'tool-calls': {
    without: PLAIN,
    with: answer([HELLO, CALL, { ...CALL, id: 'call_2' }], { stop: { reason: 'tool-calls' } }),
    look: ({ candidates }) => [candidates[0]?.parts, candidates[0]?.stop?.reason],
  },
  audio: part({ type: 'audio', source: SOUND, transcript: 'Hello.' }),
  citations: {
    without: PLAIN,
    with: answer([
      { type: 'text', text: 'Hello.', citations: { dialect: STRANGER, items: [{ url: 'https://a.example' }] } },
    ]),
    look: ({ candidates }) => candidates[0]?.parts,
  },
  'foreign-part': part({ type: 'opaque', dialect: STRANGER, value: { type: 'search_result' } }),
  'several-answers': {
    without: PLAIN,
    with: { ...PLAIN, candidates: [...PLAIN.candidates, { index: 1, parts: [HELLO], stop: { reason: 'stop' } }] },
    look: ({ candidates }) => candidates.map(({ parts }) => parts),
  },
  logprobs: {
    without: PLAIN,
    with: answer([HELLO], {
      logprobs: { content: [{ token: 'Hello', logprob: -0.1, bytes: [72], top_logprobs: [] }] },
    }),
    look: ({ candidates }) => candidates[0]?.logprobs?.content,
  },
  'stop-length': stop('length'),
  'stop-sequence': stop('stop-sequence', { sequence: 'END' }),
  'stop-filter': stop('content-filter'),
  'cached-tokens': usage({ input: 70, cacheRead: 30 }),
  'cache-writes': usage({ input: 70, cacheWrite5m: 30 }),
  'reasoning-tokens': usage({ output: 20, reasoning: 30 }),
};
