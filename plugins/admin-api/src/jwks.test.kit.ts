/** An issuer of tokens: a server that tells its public key, and signs with the private one as RFC 7515 and 7518 say. */
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const KID = 'one';

export class Issuer {
  readonly #server: Server;
  readonly #private: KeyObject;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.#private = privateKey;
    this.#server = createServer((_request, response) => {
      const key = { ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [key] }));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A token that is valid for an hour from `now` on, Unix milliseconds. */
  sign(claims: object, now = Date.now()): string {
    const seconds = Math.floor(now / 1000);
    const all = { iss: this.url, aud: 'gateway', iat: seconds, exp: seconds + 3600, ...claims };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: KID, typ: 'JWT' })}.${part(all)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.#private).toString('base64url')}`;
  }
}
