/** What is written of other dialects' parts, judged by Google's own schemas. */
import type { ChatRequest, Part } from '@gatewright/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateCodec } from './codec.ts';
import { SPEC_ABSENCE, found, violations } from './spec.test.kit.ts';
import { dropping } from './wire.test.kit.ts';

const rest = fc.constant({ dialect: 'other', fields: { extra: 1, $note: true } });
const png = { kind: 'base64' as const, mediaType: 'image/png', data: 'AA==' };
const text = fc.record(
  { type: fc.constant('text' as const), text: fc.string(), rest },
  { requiredKeys: ['type', 'text'] },
);
const source = fc.constantFrom(
  png,
  { kind: 'url' as const, url: 'https://x.example/a.pdf' },
  { kind: 'file' as const, id: 'file-1' },
  { kind: 'text' as const, mediaType: 'text/plain', text: 'ü' },
);
const media = fc.oneof(
  fc.record({ type: fc.constant('image' as const), source, detail: fc.constantFrom('auto', 'high') }),
  fc.record(
    { type: fc.constant('document' as const), source, title: fc.string() },
    { requiredKeys: ['type', 'source'] },
  ),
);
const id = fc.constantFrom('a', 'b', 'c');
const part: fc.Arbitrary<Part> = fc.oneof(
  text,
  media,
  fc.record({
    type: fc.constant('tool-call' as const),
    id,
    name: fc.constantFrom('f', 'g'),
    arguments: fc.oneof(fc.json(), fc.string()),
  }),
  fc.record({
    type: fc.constant('tool-result' as const),
    id,
    parts: fc.array(fc.oneof(text, media)),
    isError: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('reasoning' as const),
    text: fc.string(),
    origin: fc.constantFrom('other', 'gemini-generate'),
    signature: fc.string(),
  }),
  fc.constant({ type: 'opaque' as const, dialect: 'other', value: {} }),
  fc.record({ type: fc.constant('refusal' as const), text: fc.string() }),
  fc.constant({ type: 'audio' as const, source: { kind: 'base64' as const, mediaType: 'audio/wav', data: 'AA==' } }),
);

const request: fc.Arbitrary<ChatRequest> = fc.record(
  {
    model: fc.constant('m'),
    stream: fc.boolean(),
    messages: fc.array(
      fc.record({ role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool'), parts: fc.array(part) }),
    ),
    tools: fc.array(
      fc.record({
        kind: fc.constant('function' as const),
        name: fc.constant('f'),
        strict: fc.boolean(),
        parameters: fc.constant({ type: 'object' }),
      }),
    ),
    toolChoice: fc.constantFrom(
      { kind: 'auto' as const },
      { kind: 'required' as const },
      { kind: 'tool' as const, name: 'f' },
    ),
    parallelTools: fc.boolean(),
    maxOutput: fc.nat(),
    temperature: fc.float({ noNaN: true, noDefaultInfinity: true }),
    stop: fc.array(fc.string(), { maxLength: 8 }),
    candidates: fc.nat(),
    logprobs: fc.constantFrom({}, { top: 3 }),
    responseFormat: fc.constantFrom(
      { kind: 'text' as const },
      { kind: 'json' as const },
      { kind: 'schema' as const, schema: {} },
    ),
    reasoning: fc.record(
      {
        effort: fc.constantFrom('none', 'low', 'xhigh', 'odd'),
        budgetTokens: fc.nat(),
        mode: fc.constantFrom('enabled', 'disabled', 'adaptive'),
      },
      { requiredKeys: [] },
    ),
    serviceTier: fc.constantFrom('auto', 'default', 'flex', 'gold'),
    endUser: fc.string(),
    rest,
  },
  { requiredKeys: ['model', 'stream', 'messages'] },
);

describe.skipIf(!found)(`the schemas of the API${SPEC_ABSENCE}`, () => {
  test('what is written of any request fits them', () => {
    fc.assert(
      fc.property(request, fc.constantFrom('gemini-2.5-flash', 'gemini-3-pro'), (asked, model) => {
        const written = generateCodec.encodeRequest(asked, dropping(model));
        expect(violations('GenerateContentRequest', written)).toEqual([]);
        for (const content of written['contents'] as { role: string; parts: unknown[] }[]) {
          expect(['user', 'model']).toContain(content.role);
          expect(content.parts.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('they find what does not fit', () => {
    expect(
      violations('GenerateContentRequest', {
        contents: [{ role: 7, odd: 1 }],
        toolConfig: { functionCallingConfig: { mode: 'SOME' } },
      }),
    ).toEqual([
      '.contents[0].role must be of the type string',
      '.contents[0].odd is no field',
      '.toolConfig.functionCallingConfig.mode is none of the words',
    ]);
  });

  test('what is written of any answer fits them', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const response = { id: 'i', model: 'm', candidates: [{ index: 0, parts, stop: { reason: 'stop' as const } }] };
        expect(violations('GenerateContentResponse', generateCodec.encodeResponse(response, dropping()))).toEqual([]);
      }),
    );
  });
});
