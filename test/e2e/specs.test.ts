/** The schemas take what real clients sent and real servers answered, and nothing that is wrong. */
import { describe, expect, test } from 'vitest';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type Recording } from './recordings.ts';
import { SPECS_ABSENCE, specsThere, violations, type SpecKind } from './specs.ts';

const both = specsThere && recordingsThere;
const absence = SPECS_ABSENCE || RECORDINGS_ABSENCE;

const vendors = readRecordings().filter(({ compatible, status }) => !compatible && status === 200);

const isOpenai = ({ dialect }: Recording): boolean => dialect === 'openai-chat';

function events({ body }: Recording): { type?: string }[] {
  const lines = body.toString().split('\n');
  const data = lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice(6));
  return data.map((text) => JSON.parse(text) as { type?: string }).filter(({ type }) => type !== 'ping');
}

/** How many of the values violate their schema. */
function count(kind: SpecKind, values: readonly unknown[]): [number, number] {
  return [values.filter((value) => violations(kind, value).length > 0).length, values.length];
}

describe.skipIf(!both)(`what the real ones said${absence}`, () => {
  test('OpenAI’s answers and chunks fit', () => {
    const whole = vendors.filter((recording) => isOpenai(recording) && !recording.stream);
    const [bad, all] = count(
      'openai-response',
      whole.map(({ body }) => JSON.parse(body.toString()) as unknown),
    );
    expect([bad, all > 70]).toEqual([0, true]);
    const chunks = vendors.filter((recording) => isOpenai(recording) && recording.stream).flatMap(events);
    const [wrong, sum] = count('openai-chunk', chunks);
    // Azure's first chunk has an empty `object`.
    expect([wrong, sum > 500]).toEqual([1, true]);
  });

  test('the requests of OpenAI’s clients fit, but for the two that were meant to fail', () => {
    const asked = readRecordings().filter((recording) => isOpenai(recording) && recording.request !== undefined);
    const bad = asked.filter(({ request }) => violations('openai-request', request).length > 0);
    expect(bad.map(({ name }) => name.split('/').at(-1))).toEqual(['chat-bad-request.yaml', 'chat-no-messages.yaml']);
    expect(asked.length).toBeGreaterThan(90);
  });

  test('Anthropic’s events and requests fit, but for those of beta features', () => {
    const streams = vendors.filter((recording) => !isOpenai(recording) && recording.stream).flatMap(events);
    const [bad, all] = count('anthropic-event', streams);
    expect(all).toBeGreaterThan(4000);
    expect(bad).toBeLessThan(20);
    const asked = readRecordings().filter((recording) => !isOpenai(recording) && recording.request !== undefined);
    const [wrong] = count(
      'anthropic-request',
      asked.map(({ request }) => request),
    );
    // Both have `top_p: -1`, which the API no longer takes.
    expect(wrong).toBe(2);
  });
});

describe.skipIf(!specsThere)(`what is wrong${SPECS_ABSENCE}`, () => {
  const messages = [{ role: 'user', content: 'hi' }];
  const tool = { name: 'look', input_schema: { type: 'object', additionalProperties: false } };

  test.each<[string, SpecKind, unknown]>([
    ['a field that the schema does not name', 'openai-request', { model: 'm', messages, top_k: 3 }],
    ['a field of a message', 'openai-request', { model: 'm', messages: [{ ...messages[0], cache_control: {} }] }],
    ['a missing limit', 'anthropic-request', { model: 'm', messages }],
    [
      'a part of the other dialect',
      'anthropic-request',
      {
        model: 'm',
        max_tokens: 1,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }],
      },
    ],
    [
      'a tool of the other dialect',
      'anthropic-request',
      { model: 'm', max_tokens: 1, messages, tools: [{ type: 'function', function: tool }] },
    ],
    ['a limit in a count', 'anthropic-count-request', { model: 'm', max_tokens: 1, messages }],
    [
      'an unknown stop reason',
      'openai-chunk',
      {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta: {}, finish_reason: 'end_turn' }],
      },
    ],
    ['an answer without choices', 'openai-response', { id: 'x', object: 'chat.completion', created: 1, model: 'm' }],
    [
      'a message without usage',
      'anthropic-response',
      { id: 'x', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null },
    ],
    [
      'a block without its text',
      'anthropic-event',
      { type: 'content_block_start', index: 0, content_block: { type: 'text' } },
    ],
  ])('%s is found', (_name, kind, value) => {
    expect(violations(kind, value)).not.toEqual([]);
  });

  test('JSON Schemas of tools may have keywords of their own', () => {
    expect(violations('anthropic-request', { model: 'm', max_tokens: 1, messages, tools: [tool] })).toEqual([]);
  });
});
