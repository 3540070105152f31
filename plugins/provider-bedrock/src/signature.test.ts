/** Signatures are those of AWS's published example, and those of AWS's own signer. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { Signer, type Credentials, type Signable } from './signature.ts';

/** The credentials of AWS's published test suite for this algorithm. */
const EXAMPLE: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const EXAMPLE_TIME = Date.UTC(2015, 7, 30, 12, 36);

const signatureOf = (headers: Record<string, string>): string =>
  /Signature=(\w+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';

describe("AWS's published test vectors", () => {
  const base: Signable = {
    method: 'GET',
    host: 'example.amazonaws.com',
    path: '/',
    headers: {},
    body: Buffer.alloc(0),
  };
  test.each([
    ['get-vanilla', base, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { ...base, method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('%s', (_name, request, signature) => {
    const headers = new Signer(EXAMPLE, 'us-east-1', 'service').sign(request, EXAMPLE_TIME);
    expect(signatureOf(headers)).toBe(signature);
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        `SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });
});

/** What AWS's signer wants of a hash. */
class Sha256 {
  #hash: { update(data: Uint8Array | string): unknown; digest(): Buffer };

  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array);
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('Not needed.');
  }
}

async function signedByAws(credentials: Credentials, request: Signable, now: number): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region: 'eu-central-1',
    service: 'bedrock',
    sha256: Sha256,
    applyChecksum: false,
  });
  const [hostname = '', port] = request.host.split(':');
  const unsigned = {
    method: request.method,
    protocol: 'https:',
    hostname,
    ...(port === undefined ? {} : { port: Number(port) }),
    path: request.path,
    query: {},
    headers: { ...request.headers, host: request.host },
    body: request.body,
  };
  const signed = await signer.sign(unsigned as never, { signingDate: new Date(now) });
  return (signed as unknown as { headers: Record<string, string> }).headers;
}

describe("AWS's own signer signs the same", () => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const host = 'bedrock-runtime.eu-central-1.amazonaws.com';
  const base: Signable = { method: 'POST', host, path: '/model/m/converse', headers, body: Buffer.from('{"a":"ü"}') };
  const session = { ...EXAMPLE, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE/+==' };
  test.each([
    ['a plain request', EXAMPLE, base],
    ['an encoded colon', EXAMPLE, { ...base, path: '/model/anthropic.claude-v1%3A0/converse-stream' }],
    ['an ARN', EXAMPLE, { ...base, path: '/model/arn%3Aaws%3Abedrock%3A%3A1%3Aprofile%2Fus.x/converse' }],
    ['signs that are seldom encoded', EXAMPLE, { ...base, path: '/model/a%21b%27c%28d%29e%2Af/converse' }],
    ['a session token', session, base],
    ['a port', EXAMPLE, { ...base, host: '127.0.0.1:4566' }],
    ['a prefix before the path', EXAMPLE, { ...base, path: '/proxy/model/m/converse' }],
    ['an empty body', EXAMPLE, { ...base, body: Buffer.alloc(0) }],
    ['spaces in a header', EXAMPLE, { ...base, headers: { ...headers, 'x-note': '  a   b ' } }],
  ])('%s', async (_what, credentials, request) => {
    const ours = new Signer(credentials, 'eu-central-1', 'bedrock').sign(request, EXAMPLE_TIME);
    const theirs = await signedByAws(credentials, request, EXAMPLE_TIME);
    expect(ours['authorization']).toBe(theirs['authorization']);
    expect(ours['x-amz-security-token']).toBe(theirs['x-amz-security-token']);
    expect(ours['x-amz-date']).toBe('20150830T123600Z');
  });
});

test('the signing key changes with the day', () => {
  const signer = new Signer(EXAMPLE, 'us-east-1', 'bedrock');
  const request: Signable = { method: 'POST', host: 'h', path: '/', headers: {}, body: Buffer.alloc(0) };
  const day = 24 * 60 * 60 * 1000;
  for (const now of [EXAMPLE_TIME, EXAMPLE_TIME + day, EXAMPLE_TIME]) {
    const fresh = new Signer(EXAMPLE, 'us-east-1', 'bedrock').sign(request, now);
    expect(signer.sign(request, now)).toEqual(fresh);
  }
});
