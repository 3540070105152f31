/** Requests: from bytes to the neutral form and back. */
import assert from 'node:assert/strict';
import { isGatewayError, type Codec, type Dialect, type JsonObject } from '@gatewright/core';
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import { contextOf, type DialectTrial } from './trial.ts';

const NOW_HERE = { unheardof: { of: [1, 'two', null] } };

export function requestTests({ samples: { requests = [] }, onDialect }: DialectTrial): void {
  const each = (name: string, body: (codec: Codec, request: JsonObject, dialect: Dialect) => void): void => {
    requests.forEach((request, index) => {
      onDialect(`request ${index + 1}: ${name}`, (dialect) => body(dialect.codec, request, dialect));
    });
  };

  each('is the same again behind the neutral form', (codec, request) => {
    assert.deepEqual(again(codec, request), request);
  });

  each('keeps fields that nobody knows', (codec, request) => {
    assert.deepEqual(again(codec, { ...request, ...NOW_HERE })['unheardof'], NOW_HERE.unheardof);
  });

  each('is not changed by being decoded', (codec, request) => {
    const copy = structuredClone(request);
    codec.decodeRequest(copy, { headers: {} });
    assert.deepEqual(copy, request);
  });

  each(
    'with a field of another kind is refused as a bad request, or taken; nothing else is thrown',
    (codec, request) => {
      for (const name of Object.keys(request)) {
        for (const value of [null, 7, 'text', true, [], {}, [null], [7], { type: 7 }, [{ type: 'unheard-of' }]]) {
          try {
            codec.decodeRequest({ ...request, [name]: value }, { headers: {} });
          } catch (error) {
            const what = `${name}: ${JSON.stringify(value)}`;
            assert.ok(isGatewayError(error), `${what} threw ${String(error)}`);
            assert.equal(error.code, 'GW_BAD_REQUEST', what);
            assert.ok(error.details.param !== undefined, `${what} is refused without the name of the field.`);
          }
        }
      }
    },
  );

  each('has its model put in place, and every other byte stays', (codec, request) => {
    if (typeof request['model'] !== 'string') return;
    const bytes = Buffer.from(JSON.stringify(request, null, 3));
    const body = outlineOf(bytes);
    assert.equal(codec.readHead(body).model, request['model']);
    const { edits } = codec.editRequest(body, { model: 'quite-another', usage: false });
    const edited = Buffer.from(applyEdits(bytes, edits)).toString();
    const before = JSON.stringify(request['model']);
    assert.equal(edited, bytes.toString().replace(`"model": ${before}`, '"model": "quite-another"'));
  });
}

function again(codec: Codec, request: JsonObject): JsonObject {
  const model = typeof request['model'] === 'string' ? request['model'] : 'a-model';
  const decoded = codec.decodeRequest(structuredClone(request), { headers: {} });
  return JSON.parse(JSON.stringify(codec.encodeRequest(decoded, contextOf(model)))) as JsonObject;
}
