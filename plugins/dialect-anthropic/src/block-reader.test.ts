/** Blocks as the documentation shows them, and the parts that they are. */
import type { Part } from '@gatewright/core';
import { expect, test } from 'vitest';
import { decodePart } from './block-reader.ts';
import { Reading } from './reading.ts';

const MESSAGES = 'anthropic-messages';
const read = (block: string): Part => decodePart(JSON.parse(block), Reading.request());

test.each<[string, string, Part]>([
  ['text', '{"type":"text","text":"Hi"}', { type: 'text', text: 'Hi' }],
  [
    'text with a mark and citations',
    '{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"},"citations":[{"type":"page_location"}]}',
    {
      type: 'text',
      text: 'Hi',
      cache: { ttl: '1h' },
      citations: { dialect: MESSAGES, items: [{ type: 'page_location' }] },
    },
  ],
  [
    'an image in base64',
    '{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/"}}',
    { type: 'image', source: { kind: 'base64', mediaType: 'image/jpeg', data: '/9j/' } },
  ],
  [
    'an image at an address',
    '{"type":"image","source":{"type":"url","url":"https://a/b.png"}}',
    { type: 'image', source: { kind: 'url', url: 'https://a/b.png' } },
  ],
  [
    'an uploaded image',
    '{"type":"image","source":{"type":"file","file_id":"file_1"}}',
    { type: 'image', source: { kind: 'file', id: 'file_1', origin: 'anthropic-messages' } },
  ],
  [
    'a PDF with title and context',
    '{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"T","context":"C"}',
    {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
      title: 'T',
      context: 'C',
    },
  ],
  [
    'a text document with citations switched on',
    '{"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"},"citations":{"enabled":true}}',
    {
      type: 'document',
      source: { kind: 'text', mediaType: 'text/plain', text: 'abc' },
      rest: { dialect: MESSAGES, fields: { citations: { enabled: true } } },
    },
  ],
  [
    'a document of blocks',
    '{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}',
    { type: 'document', source: { kind: 'parts', parts: [{ type: 'text', text: 'a' }] } },
  ],
  [
    'a document that is not to be cited, like any other',
    '{"type":"document","source":{"type":"url","url":"https://a/b.pdf"},"citations":{"enabled":false}}',
    {
      type: 'document',
      source: { kind: 'url', url: 'https://a/b.pdf' },
      rest: { dialect: MESSAGES, fields: { $extra: { citations: { enabled: false } } } },
    },
  ],
  [
    'a document that is to be cited',
    '{"type":"document","source":{"type":"url","url":"https://a/b.pdf"},"citations":{"enabled":true}}',
    {
      type: 'document',
      source: { kind: 'url', url: 'https://a/b.pdf' },
      rest: { dialect: MESSAGES, fields: { citations: { enabled: true } } },
    },
  ],
  [
    'a call that the model makes itself',
    '{"type":"tool_use","id":"toolu_1","name":"f","input":{"b":1,"a":"ü"},"caller":{"type":"direct"}}',
    {
      type: 'tool-call',
      id: 'toolu_1',
      name: 'f',
      arguments: '{"b":1,"a":"ü"}',
      rest: { dialect: MESSAGES, fields: { $extra: { caller: { type: 'direct' } } } },
    },
  ],
  [
    'a call out of a program',
    '{"type":"tool_use","id":"toolu_1","name":"f","input":{},"caller":{"type":"code_execution_20260120","tool_id":"s"}}',
    {
      type: 'tool-call',
      id: 'toolu_1',
      name: 'f',
      arguments: '{}',
      rest: { dialect: MESSAGES, fields: { caller: { type: 'code_execution_20260120', tool_id: 's' } } },
    },
  ],
  [
    'a failed result with a picture',
    '{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"image","source":{"type":"url","url":"u"}}]}',
    {
      type: 'tool-result',
      id: 't',
      isError: true,
      parts: [{ type: 'image', source: { kind: 'url', url: 'u' } }],
      rest: { dialect: MESSAGES, fields: { $content: 'blocks' } },
    },
  ],
  [
    'a result without content',
    '{"type":"tool_result","tool_use_id":"t"}',
    { type: 'tool-result', id: 't', parts: [], rest: { dialect: MESSAGES, fields: { $content: 'absent' } } },
  ],
  [
    'thinking with its signature',
    '{"type":"thinking","thinking":"hm","signature":"EqQB"}',
    { type: 'reasoning', text: 'hm', signature: 'EqQB', origin: MESSAGES },
  ],
  [
    'redacted thinking',
    '{"type":"redacted_thinking","data":"Emw"}',
    { type: 'reasoning', text: '', redacted: 'Emw', origin: MESSAGES },
  ],
])('%s', (_what, block, part) => {
  expect(read(block)).toEqual(part);
});

test.each([
  '{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"},"cache_control":{"type":"ephemeral"}}',
  '{"type":"mcp_tool_use","id":"m","name":"echo","input":{},"server_name":"s"}',
  '{"type":"search_result","source":"s","title":"t","content":[]}',
  '{"type":"compaction","content":null}',
  '{"type":"fallback","from":{"model":"a"},"to":{"model":"b"}}',
  '{"type":"image","source":{"type":"hologram"}}',
])('%s is kept whole', (block) => {
  expect(read(block)).toEqual({ type: 'opaque', dialect: MESSAGES, value: JSON.parse(block) });
});
