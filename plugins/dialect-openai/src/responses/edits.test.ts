/** Requests that pass as bytes: the model is set, and what another provider thought is taken out. */
import { describe, expect, test } from 'vitest';
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import type { JsonObject } from '@gatewright/core';
import { editRequest } from './edits.ts';
import { seal } from './sealed-reasoning.ts';
import { thrown } from './wire.test.kit.ts';

function edited(body: JsonObject): { body: unknown; warned: string[] } {
  const outline = outlineOf(Buffer.from(JSON.stringify(body)));
  const { edits, warnings = [] } = editRequest(outline, { model: 'upstream', usage: true });
  const bytes = applyEdits(outline.bytes, edits);
  return { body: JSON.parse(bytes.toString()) as unknown, warned: warnings.map(({ field }) => field) };
}

const sealed = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content: seal({ type: 'reasoning', text: '', origin: 'acme', signature: 's' }),
};
const own = { type: 'reasoning', id: 'rs_68', summary: [], encrypted_content: 'gAAA' };
const hello = { role: 'user', content: 'Hello' };

describe('the bytes of a request', () => {
  test('have another model, and no more', () => {
    const body = { model: 'm', input: [hello, own], stream: true };
    expect(edited(body)).toEqual({ body: { ...body, model: 'upstream' }, warned: [] });
  });

  test.each([[sealed], [{ ...own, id: 'rs_gw_1_0' }]])('lose what another provider thought: %j', (thought) => {
    const { body, warned } = edited({ model: 'm', input: [hello, thought, own] });
    expect(body).toEqual({ model: 'upstream', input: [hello, own] });
    expect(warned).toEqual(['reasoning']);
  });

  test.each([
    [{ input: 'what is resp_gw_1?' }],
    [{ input: [{ role: 'user', content: 'what is "gatewright.x"?' }] }],
    [{ input: [{ type: 'message', id: 'msg_gw_1_0', role: 'assistant', content: [] }] }],
    [{ input: [{ ...own, encrypted_content: 'gatewright.nonsense' }] }],
  ])('stay as they are where they only look so: %j', (more) => {
    expect(edited({ model: 'm', ...more })).toEqual({ body: { model: 'upstream', ...more }, warned: [] });
  });

  test.each([
    ['previous_response_id', { previous_response_id: 'resp_gw_1', input: 'x' }],
    ['input', { input: [{ type: 'item_reference', id: 'msg_gw_1_0' }] }],
    ['input', { input: [{ id: 'fc_gw_1_0' }] }],
  ])('are refused where %s leads nowhere', (param, more) => {
    const error = thrown(() => edited({ model: 'm', ...more }));
    expect([error.code, error.details.param]).toEqual(['GW_BAD_REQUEST', param]);
  });
});
