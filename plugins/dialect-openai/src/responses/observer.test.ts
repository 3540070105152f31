/** What is seen of a passing stream, and what is changed in it. */
import { describe, expect, test } from 'vitest';
import { GatewayError, Sight, type JsonObject } from '@gatewright/core';
import { answer, eachFrame, message, observe, sse, stream } from './wire.test.kit.ts';

const created: JsonObject = {
  type: 'response.created',
  sequence_number: 0,
  response: { ...answer([]), status: 'in_progress' },
};
const delta: JsonObject = { type: 'response.output_text.delta', sequence_number: 3, output_index: 0, delta: 'Hel' };
const completed: JsonObject = {
  type: 'response.completed',
  sequence_number: 4,
  response: answer([], { usage: { input_tokens: 3, output_tokens: 2 } }),
};
const added = (item: JsonObject): JsonObject => ({ type: 'response.output_item.added', output_index: 0, item });
const call = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'look', arguments: '' };

const ENDED = Sight.STOP | Sight.END;

describe('a stream', () => {
  test.each<[string, JsonObject[], number]>([
    ['that has only begun', [created, added(message())], Sight.NOTHING],
    ['with a piece of text', [created, delta], Sight.CONTENT],
    ['with a call', [created, added(call)], Sight.CONTENT],
    ['with a text that is told whole', [created, { type: 'response.output_text.done', text: 'Hello' }], Sight.CONTENT],
    ['that is whole', [created, delta, completed], Sight.CONTENT | ENDED],
    ['that was stopped', [created, delta, { ...completed, type: 'response.incomplete' }], Sight.CONTENT | ENDED],
    ['that is kept alive', [created, { type: 'keepalive', sequence_number: 1 }], Sight.PING],
    ['that failed', [created, { type: 'response.failed', response: { error: { message: 'No.' } } }], Sight.ERROR],
    ['with an error', [created, { type: 'error', message: 'No.' }], Sight.ERROR],
  ])('%s', (_name, events, seen) => {
    expect(observe(sse(...events)).seen).toBe(seen);
  });

  test('is the same without names of events', () => {
    const bytes = Buffer.from(
      [created, delta, completed]
        .map((event) => `data: ${JSON.stringify(event, null, 1).replaceAll('\n', '')}\n\n`)
        .join(''),
    );
    expect(observe(bytes)).toMatchObject({ seen: Sight.CONTENT | ENDED, malformed: 0, summary: { id: 'resp_1' } });
  });

  test('is summed up', () => {
    const { summary } = observe(sse(created, added(call), completed));
    expect(summary).toMatchObject({
      id: 'resp_1',
      model: 'm',
      stop: { reason: 'tool-calls' },
      usage: { input: 3, output: 2 },
    });
  });

  test('whose text looks like an end goes on', () => {
    const sly = { ...delta, delta: '"type":"response.completed"' };
    expect(observe(sse(created, sly)).seen).toBe(Sight.CONTENT);
  });

  test('with [DONE] and no end was cut', () => {
    expect(observe(Buffer.concat([sse(created, delta), Buffer.from('data: [DONE]\n\n')])).seen).toBe(
      Sight.CONTENT | Sight.END,
    );
  });

  test('has broken frames, which are counted', () => {
    const broken = [
      'event: response.output_text.delta\ndata: {"type":"resp\n\n',
      'data: nonsense\n\n',
      'event: response.completed\ndata: {\n\n',
    ];
    expect(observe(Buffer.concat([sse(created), Buffer.from(broken.join(''))]))).toMatchObject({
      malformed: 3,
      seen: Sight.MALFORMED,
    });
  });
});

test('the model’s name is changed where it stands, and nowhere else', () => {
  const { replaced } = observe(sse(created, delta, completed), { dropUsage: false, model: 'public' });
  const names = replaced.map((text) => (JSON.parse(text) as { response: { model: string } }).response.model);
  expect(names).toEqual(['public', 'public']);
  expect(observe(sse(created), { dropUsage: false, model: 'm' }).replaced).toEqual([]);
});

test('an error ends it under the next number', () => {
  const observer = stream.observer({ dropUsage: false });
  eachFrame(sse(created, delta), (frame) => void observer.see(frame));
  const text = String(observer.fail?.(new GatewayError('GW_UPSTREAM_CUT', 'It broke.')));
  expect(text).toMatch(/^event: error\ndata: .*\n\n$/);
  const event = JSON.parse(text.slice(text.indexOf('{'))) as JsonObject;
  expect(event).toMatchObject({ type: 'error', sequence_number: 4, message: 'It broke.', code: 'GW_UPSTREAM_CUT' });
  expect(event['error']).toMatchObject({ message: 'It broke.', code: 'GW_UPSTREAM_CUT' });
});
