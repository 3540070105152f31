/** The schemas of responses take what real clients sent and real servers answered, and nothing that is wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RECORDINGS, RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { SPECS_ABSENCE, specsThere, violations, type SpecKind } from './specs.ts';

type Json = Record<string, unknown>;

const FOLDER = 'dd-trace-js/openai';

/** What the vendor's own servers and clients said, in cassettes: requests, answers, events. */
function recorded(): { requests: Json[]; answers: Json[]; events: Json[] } {
  const all = { requests: [] as Json[], answers: [] as Json[], events: [] as Json[] };
  if (!recordingsThere) return all;
  for (const file of readdirSync(join(RECORDINGS, FOLDER))) {
    if (!/responses_post.*\.json$/.test(file)) continue;
    const cassette = JSON.parse(readFileSync(join(RECORDINGS, FOLDER, file), 'utf8')) as {
      request: { body: string };
      response: { body: string };
    };
    all.requests.push(JSON.parse(cassette.request.body) as Json);
    const { body } = cassette.response;
    const text = body.startsWith('base64:') ? Buffer.from(body.slice(7), 'base64').toString() : body;
    if (text.trim().startsWith('{')) all.answers.push(JSON.parse(text) as Json);
    else
      for (const line of text.split('\n'))
        if (line.startsWith('data: ')) all.events.push(JSON.parse(line.slice(6)) as Json);
  }
  return all;
}

/** What is wrong with the values that do not fit. */
const wrong = (kind: SpecKind, values: readonly Json[]): string[] =>
  values.flatMap((value) => violations(kind, value).slice(0, 1));

describe.skipIf(!specsThere || !recordingsThere)(
  `what the real ones said${SPECS_ABSENCE || RECORDINGS_ABSENCE}`,
  () => {
    const { requests, answers, events } = recorded();

    test('there is enough of it', () => {
      expect([requests.length > 40, answers.length > 25, events.length > 100]).toEqual([true, true, true]);
    });

    test('requests fit', () => expect(wrong('responses-request', requests)).toEqual([]));
    test('answers fit', () => expect(wrong('responses-response', answers)).toEqual([]));
    test('events fit', () => expect(wrong('responses-event', events)).toEqual([]));
  },
);

describe.skipIf(!specsThere)(`what is wrong${SPECS_ABSENCE}`, () => {
  const input = [{ role: 'user', content: 'hi' }];

  test.each<[string, SpecKind, Json]>([
    ['a field that the schema does not name', 'responses-request', { model: 'm', input, seed: 3 }],
    [
      'a tool in the form of chat completions',
      'responses-request',
      { model: 'm', input, tools: [{ type: 'function', function: { name: 'f' } }] },
    ],
    [
      'content in the form of chat completions',
      'responses-request',
      { model: 'm', input: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
    ],
    ['a limit that is too small', 'responses-request', { model: 'm', input, max_output_tokens: 3 }],
    ['an answer without output', 'responses-response', { id: 'x', object: 'response', created_at: 1, model: 'm' }],
    [
      'an event without its place',
      'responses-event',
      { type: 'response.output_text.delta', delta: 'x', sequence_number: 1 },
    ],
    ['an event that there is not', 'responses-event', { type: 'response.output_text.smell', sequence_number: 1 }],
  ])('%s is found', (_name, kind, value) => {
    expect(violations(kind, value)).not.toEqual([]);
  });
});
