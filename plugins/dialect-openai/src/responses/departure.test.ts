/** What only servers of this dialect can do is said before a request leaves it, and does not go along. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { depart } from './departure.ts';
import { decodeRequest, dropping, refusing, thrown } from './wire.test.kit.ts';

const ask = (more: JsonObject) => decodeRequest({ model: 'm', input: 'Hello', ...more });
const look: JsonObject = { type: 'function', name: 'look', parameters: { type: 'object' } };

describe('state', () => {
  test.each<[string, JsonObject]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['background', { background: true }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['store', { store: true }],
    ['truncation', { truncation: 'auto' }],
    ['context_management', { context_management: [{ type: 'compaction' }] }],
    ['max_tool_calls', { max_tool_calls: 1 }],
  ])('%s is refused, or dropped and gone', (field, more) => {
    expect(thrown(() => depart(ask(more), refusing)).details.param).toBe(field);
    const context = dropping();
    expect(depart(ask(more), context).rest?.fields).not.toHaveProperty(field);
    expect(context.dropped).toEqual([field]);
  });

  test.each<JsonObject>([
    { store: false },
    { background: false },
    { truncation: 'disabled' },
    { include: ['reasoning.encrypted_content'] },
    { prompt_cache_key: 'a' },
    { stream_options: { include_obfuscation: false } },
    { reasoning: { summary: 'auto' } },
  ])('%j is nothing to refuse', (more) => {
    const context = dropping();
    const { rest } = depart(ask(more), context);
    expect(context.dropped).toEqual([]);
    expect(Object.keys(rest?.fields ?? {}).filter((key) => !key.startsWith('$'))).toEqual([]);
  });

  test('ids that lead nowhere are the request’s mistake, whatever may be dropped', () => {
    for (const more of [
      { previous_response_id: 'resp_gw_1' },
      { input: [{ type: 'item_reference', id: 'msg_gw_1_0' }] },
    ]) {
      const error = thrown(() => depart(ask(more), dropping()));
      expect([error.code, error.details.help]).toEqual(['GW_BAD_REQUEST', expect.stringContaining('store: false')]);
    }
  });
});

test('a request that asks nothing is refused before anybody is asked', () => {
  for (const more of [{ input: undefined }, { input: undefined, instructions: 'Be brief.' }, { input: [] }]) {
    const error = thrown(() => depart(ask(more), dropping()));
    expect([error.code, error.details.param]).toEqual(['GW_BAD_REQUEST', 'input']);
  }
});

describe('tools', () => {
  test('those of servers are refused, or dropped with all that is left without them', () => {
    const request = ask({ tools: [{ type: 'web_search' }] });
    expect(thrown(() => depart(request, refusing)).details.param).toBe('tools[0]');
    const context = dropping();
    expect(depart(request, context)).not.toHaveProperty('tools');
    expect(context.dropped).toEqual(['tools[0]']);
  });

  test('allowed functions are those that are offered', () => {
    const allowed = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'look' }] };
    const departed = depart(ask({ tools: [look, { ...look, name: 'jump' }], tool_choice: allowed }), refusing);
    expect(departed.tools?.map((tool) => (tool.kind === 'function' ? tool.name : ''))).toEqual(['look']);
    expect(departed.toolChoice).toEqual({ kind: 'required' });
  });

  test.each<JsonObject>([
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp', server_label: 'a' }] },
    { type: 'mcp', server_label: 'a' },
  ])('%j stays a choice of this dialect alone', (choice) => {
    const { toolChoice } = depart(ask({ tools: [look], tool_choice: choice }), refusing);
    expect(toolChoice).toEqual({ kind: 'opaque', dialect: 'openai-responses', value: choice });
  });
});
