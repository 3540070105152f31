import { expect, test } from 'vitest';
import { claudeBody, claudeCountBody, embedBody, geminiCountBody } from './bodies.ts';

test("Claude's model is taken out of the body, and the version put in", () => {
  const body = { model: 'claude-opus-5', stream: true, messages: [] };
  expect(claudeBody(body)).toEqual({ stream: true, messages: [], anthropic_version: 'vertex-2023-10-16' });
  expect(body).toHaveProperty('model');
});

test("a count of Claude's has the bare name in the body", () => {
  expect(claudeCountBody({ model: 'anthropic/claude-opus-5', messages: [] })).toEqual({
    model: 'claude-opus-5',
    messages: [],
    anthropic_version: 'vertex-2023-10-16',
  });
});

test.each(['generateContentRequest', 'generate_content_request'])(
  'what %s wraps is counted without its wrapping',
  (name) => {
    const contents = [{ parts: [{ text: 'a' }] }];
    const wrapped = { model: 'models/m', contents, tools: [], safetySettings: [] };
    expect(geminiCountBody({ [name]: wrapped })).toEqual({ contents, tools: [] });
    expect(geminiCountBody({ contents })).toEqual({ contents });
  },
);

test('what is said of embeddings stands in a configuration of its own', () => {
  const content = { parts: [{ text: 'a' }] };
  const body = { model: 'models/m', content, taskType: 'RETRIEVAL_QUERY', outputDimensionality: 256 };
  expect(embedBody(body)).toEqual({
    content,
    embedContentConfig: { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 256 },
  });
  expect(embedBody({ content, embedContentConfig: { title: 't' } })).toEqual({
    content,
    embedContentConfig: { title: 't' },
  });
  expect(embedBody({ content })).toEqual({ content });
});
