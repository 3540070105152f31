/** Generated bodies of requests: everything that they can hold, in any combination. */
import fc from 'fast-check';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const signed = { thoughtSignature: fc.base64String() };
const optional = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[]) =>
  fc.record(fields, { requiredKeys: required });
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const part = fc.oneof(
  optional({ text: fc.string(), ...signed, partMetadata: fc.constant({ a_b: 1 }) }, ['text']),
  optional({ text: fc.string(), thought: fc.constant(true), ...signed }, ['text', 'thought']),
  optional({ text: fc.string(), thought: fc.constant(false) }, ['text', 'thought']),
  optional({ functionCall: optional({ name: word, args: fc.dictionary(word, json), id: word }, ['name']), ...signed }, [
    'functionCall',
  ]),
  optional(
    {
      functionResponse: optional({ name: word, id: word, response: fc.dictionary(word, json), scheduling: word }, [
        'name',
      ]),
    },
    ['functionResponse'],
  ),
  fc.record({
    functionResponse: fc.record({ name: word, response: fc.record({ output: fc.oneof(fc.string(), json) }) }),
  }),
  fc.record({
    functionResponse: fc.record({ name: word, response: fc.record({ error: fc.oneof(fc.string(), json) }) }),
  }),
  fc.record({
    inlineData: optional(
      {
        mimeType: fc.constantFrom('image/png', 'application/pdf', 'audio/wav', 'video/mp4'),
        data: fc.base64String(),
        displayName: word,
      },
      ['mimeType', 'data'],
    ),
  }),
  optional(
    {
      fileData: fc.record({
        mimeType: fc.constantFrom('image/png', 'video/mp4', 'text/plain'),
        fileUri: fc.oneof(fc.webUrl(), fc.constant('gs://a/b')),
      }),
      videoMetadata: fc.constant({ fps: 1 }),
    },
    ['fileData'],
  ),
  fc.record({ codeExecutionResult: fc.record({ outcome: word, output: fc.string() }) }),
);

const schema = fc.record({
  type: fc.constantFrom('OBJECT', 'object'),
  properties: fc.dictionary(
    word,
    fc.record({ type: fc.constant('STRING'), nullable: fc.boolean(), maxLength: fc.constant('5') }),
  ),
});

/** Requests of many kinds, all spelled as they are written. */
export const body = optional(
  {
    contents: fc.array(optional({ role: fc.constantFrom('user', 'model', 'function'), parts: fc.array(part) }, [])),
    systemInstruction: optional({ role: fc.constant('user'), parts: fc.array(fc.record({ text: fc.string() })) }, [
      'parts',
    ]),
    tools: fc.array(
      fc.oneof(
        fc.record({
          functionDeclarations: fc.array(
            optional({ name: word, description: word, parameters: schema, behavior: word, response: schema }, ['name']),
            { minLength: 1 },
          ),
        }),
        fc.record({
          functionDeclarations: fc.array(fc.record({ name: word, parametersJsonSchema: schema }), { minLength: 1 }),
        }),
        fc.constant({ googleSearch: {} }),
      ),
    ),
    toolConfig: optional(
      {
        functionCallingConfig: optional(
          { mode: fc.constantFrom('AUTO', 'ANY', 'NONE', 'VALIDATED'), allowedFunctionNames: fc.array(word) },
          ['mode'],
        ),
        retrievalConfig: fc.constant({ languageCode: 'de' }),
      },
      [],
    ),
    generationConfig: optional(
      {
        temperature: fc.double({ min: 0, max: 2, noNaN: true }).filter((value) => !Object.is(value, -0)),
        topK: fc.nat(),
        maxOutputTokens: fc.nat(),
        candidateCount: fc.nat(),
        stopSequences: fc.array(word),
        seed: fc.integer(),
        responseMimeType: fc.constantFrom('application/json', 'text/plain', 'text/x.enum'),
        responseSchema: schema,
        responseLogprobs: fc.boolean(),
        logprobs: fc.nat(),
        speechConfig: fc.constant({ languageCode: 'de' }),
        thinkingConfig: optional(
          {
            thinkingBudget: fc.integer({ min: -1 }),
            thinkingLevel: fc.constantFrom('LOW', 'HIGH'),
            includeThoughts: fc.boolean(),
          },
          [],
        ),
      },
      [],
    ),
    safetySettings: fc.array(fc.constant({ category: 'X', threshold: 'Y' })),
    cachedContent: word,
    serviceTier: word,
    labels: fc.dictionary(word, word),
    $odd: word,
  },
  ['contents'],
);
