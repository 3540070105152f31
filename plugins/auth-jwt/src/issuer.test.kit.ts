/** An issuer of tokens for tests: a server that tells its public keys, and signs with the private ones. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export class TestIssuer {
  /** What it tells of its keys. */
  keys: JWK[] = [];
  /** What it answers with instead. */
  answer: { status: number; body: string } | undefined;
  hangs = false;
  /** How often it was asked, by path. */
  asked: string[] = [];
  readonly #server: Server;
  readonly #private = new Map<string, { key: CryptoKey; algorithm: string }>();

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      if (this.hangs) return;
      const told = request.url === '/keys' ? { keys: this.keys } : { issuer: this.url, jwks_uri: `${this.url}/keys` };
      response.writeHead(this.answer?.status ?? 200, { 'content-type': 'application/json' });
      response.end(this.answer?.body ?? JSON.stringify(told));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    await this.add('one', 'RS256');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes a key, and tells of it. */
  async add(kid: string, algorithm: string): Promise<JWK> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const key = { ...(await exportJWK(publicKey)), kid, alg: algorithm };
    this.keys.push(key);
    this.#private.set(kid, { key: privateKey, algorithm });
    return key;
  }

  /** A token; `now` in Unix milliseconds. Claims that are set to undefined are left out. */
  sign(now: number, claims: JWTPayload = {}, kid = 'one'): Promise<string> {
    const { key, algorithm } = this.#private.get(kid) ?? {};
    if (key === undefined || algorithm === undefined) throw new Error(`There is no key "${kid}".`);
    const seconds = Math.floor(now / 1000);
    const all = { iss: this.url, aud: 'gateway', sub: 'ada', iat: seconds, exp: seconds + 3600, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: algorithm, kid }).sign(key);
  }
}
