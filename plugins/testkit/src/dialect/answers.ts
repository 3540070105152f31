/** Whole answers: from bytes to the neutral form and back. */
import assert from 'node:assert/strict';
import { isGatewayError, type Codec, type JsonObject, type Usage } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { contextOf, type DialectTrial } from './trial.ts';

export function answerTests({ samples: { answers = [] }, onDialect }: DialectTrial): void {
  const each = (name: string, body: (codec: Codec, answer: JsonObject) => void): void => {
    answers.forEach((answer, index) => {
      onDialect(`answer ${index + 1}: ${name}`, ({ codec }) => body(codec, answer));
    });
  };

  each('is the same again behind the neutral form', (codec, answer) => {
    assert.deepEqual(again(codec, answer), answer);
  });

  each('keeps fields that nobody knows', (codec, answer) => {
    assert.deepEqual(again(codec, { ...answer, unheardof: [1, null] })['unheardof'], [1, null]);
  });

  each('is billed the same whether it is decoded or only looked at', (codec, answer) => {
    const { usage } = codec.decodeResponse(structuredClone(answer)) as { readonly usage?: Usage };
    const seen = codec.summarize(outlineOf(Buffer.from(JSON.stringify(answer)))).usage;
    assert.deepEqual(countsOf(seen), countsOf(usage));
  });

  each('with a field of another kind is called invalid, or taken; nothing else is thrown', (codec, answer) => {
    for (const name of Object.keys(answer)) {
      for (const value of [null, 7, 'text', true, [], {}, [null], [7]]) {
        try {
          codec.decodeResponse({ ...answer, [name]: value });
        } catch (error) {
          const what = `${name}: ${JSON.stringify(value)}`;
          assert.ok(isGatewayError(error), `${what} threw ${String(error)}`);
          assert.match(error.code, /^GW_UPSTREAM_/, what);
        }
      }
    }
  });
}

/** The counts alone: the provider's own block may be carried in several ways. */
export function countsOf(usage: Usage | undefined): unknown {
  const { raw: _raw, ...counts } = usage ?? {};
  return counts;
}

function again(codec: Codec, answer: JsonObject): JsonObject {
  const decoded = codec.decodeResponse(structuredClone(answer));
  // Where the name of the model stands is the dialect's affair: it is to be the same again.
  const { model } = decoded as { readonly model?: string };
  return JSON.parse(JSON.stringify(codec.encodeResponse(decoded, contextOf(model ?? 'a-model')))) as JsonObject;
}
