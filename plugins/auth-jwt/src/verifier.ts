/** Verifies tokens, and remembers those that it has verified by the hash of the whole of them. */
import { hash } from 'node:crypto';
import { GatewayError, isGatewayError, type Awaitable, type Clock, type Logger } from '@gatewright/core';
import type { Given } from '@gatewright/auth-keys';
import { decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { givenOf } from './claims.ts';
import { KeySet } from './key-set.ts';
import type { Issuer, Options } from './options.ts';

/** The longest token that is looked at, in characters: as long as all headers of a request may be. */
const LONGEST = 16_384;

const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface Verified {
  readonly given: Given;
  /** Unix milliseconds from which on it is verified again. */
  readonly expires: number;
}

interface Trusted {
  readonly issuer: Issuer;
  readonly keys: KeySet;
}

export class Verifier {
  readonly #options: Options;
  readonly #clock: Clock;
  readonly #trusted: ReadonlyMap<string, Trusted>;
  /** By the hash of the whole token: a part of it could be another's too. Oldest first. */
  readonly #verified = new Map<string, Verified>();

  constructor(options: Options, clock: Clock, log: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#trusted = new Map(
      options.issuers.map((issuer) => [issuer.issuer, { issuer, keys: new KeySet(issuer, options.keys, clock, log) }]),
    );
  }

  /**
   * Whose token it is; undefined where it is none, or of an issuer that is not trusted. Throws `GW_UNAUTHENTICATED` or
   * `GW_FORBIDDEN` where it is refused, `GW_AUTH_UNAVAILABLE` where its issuer's keys cannot be had.
   */
  verify(token: string): Awaitable<Given | undefined> {
    if (token.length > LONGEST || !SHAPE.test(token)) return undefined;
    const name = hash('sha256', token, 'base64');
    const verified = this.#verified.get(name);
    if (verified !== undefined) {
      if (this.#clock.now() < verified.expires) return verified.given;
      this.#verified.delete(name);
    }
    const trusted = this.#trusted.get(issuerOf(token) ?? '');
    return trusted === undefined ? undefined : this.#read(token, name, trusted);
  }

  async #read(token: string, name: string, { issuer, keys }: Trusted): Promise<Given> {
    const payload = await this.#payload(token, issuer, keys);
    const { exp = 0, iat = exp } = payload;
    const { clockTolerance, longest, keys: times } = this.#options;
    if ((exp - iat) * 1000 > longest) throw refused('it is valid for longer than is allowed here');
    // Not for longer than keys are used: where one was withdrawn, so are its tokens.
    const expires = Math.min(exp * 1000 + clockTolerance, this.#clock.now() + times.maxAge);
    const verified = { given: givenOf(payload, issuer), expires };
    this.#remember(name, verified);
    return verified.given;
  }

  async #payload(token: string, { issuer, audience, algorithms }: Issuer, keys: KeySet): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        issuer,
        audience,
        algorithms,
        clockTolerance: this.#options.clockTolerance / 1000,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['exp', 'iat'],
      });
      return payload;
    } catch (error) {
      if (isGatewayError(error)) throw error;
      throw refused(reasonOf(error));
    }
  }

  #remember(name: string, verified: Verified): void {
    if (this.#verified.size >= this.#options.cache) {
      const [oldest = ''] = this.#verified.keys();
      this.#verified.delete(oldest);
    }
    this.#verified.set(name, verified);
  }
}

/** What the token says of its issuer, before anything of it is believed. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function refused(why: string): GatewayError {
  return new GatewayError('GW_UNAUTHENTICATED', `The token is refused: ${why}.`);
}

/** In words of our own: a library's message may hold what the token says. */
function reasonOf(error: unknown): string {
  const { code, claim } = error as { code?: string; claim?: string };
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'it has expired';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return `its claim "${claim}" is missing, or not what it must be`;
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'its signature is wrong';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'it is not signed in a way that is taken here';
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'its issuer has no such key';
    default:
      return 'it is not well formed';
  }
}
