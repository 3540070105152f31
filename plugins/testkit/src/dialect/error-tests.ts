/** Errors: the gateway's own in the dialect's bytes, and whatever a provider or a proxy sends. */
import assert from 'node:assert/strict';
import { GatewayError, type JsonObject } from '@gatewright/core';
import type { DialectTrial } from './trial.ts';

/** What may stand in the body of an error. */
const BODIES = [
  '',
  'null',
  '7',
  '[]',
  '{}',
  '{"error":',
  '{"error":null}',
  '{"error":"text"}',
  '{"error":{"message":7}}',
  '[{"error":{"message":"in a list"}}]',
  '<html><body>502 Bad Gateway</body></html>',
  '\u0000\ufffd',
];

const MESSAGE = 'The budget "monthly" is spent: "quoted", \n and ж.';

export function errorTests({ onDialect }: DialectTrial): void {
  onDialect("an error of the gateway's own has its message in it, and can be read again", ({ codec }) => {
    const body = codec.encodeError(new GatewayError('GW_BUDGET_EXCEEDED', MESSAGE), 'request-1');
    const text = JSON.stringify(body);
    assert.ok(text.includes(JSON.stringify(MESSAGE).slice(1, -1)), 'The message is not in it.');
    const { status, message } = codec.decodeError(429, Buffer.from(text));
    assert.deepEqual([status, message], [429, MESSAGE]);
  });

  onDialect('whatever stands in an error is read, with its status and some message', ({ codec }) => {
    for (const body of BODIES) {
      for (const status of [400, 401, 429, 500, 502, 529]) {
        const error = codec.decodeError(status, Buffer.from(body), {});
        assert.equal(error.status, status, body);
        assert.equal(typeof error.message, 'string', body);
        assert.notEqual(error.message, '', body);
      }
    }
  });

  onDialect('an error of an error is plain JSON', ({ codec }) => {
    const body: JsonObject = codec.encodeError(new GatewayError('GW_INTERNAL', ''), '');
    assert.equal(typeof JSON.parse(JSON.stringify(body)), 'object');
  });
}
