/** The public keys of an issuer: fetched once for all who wait, kept, and asked for again when one is missing. */
import { GatewayError, type Clock, type Logger } from '@gatewright/core';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { fetchDocument } from './document.ts';
import type { Issuer, Options } from './options.ts';

export class KeySet {
  readonly #issuer: Issuer;
  readonly #times: Options['keys'];
  readonly #clock: Clock;
  readonly #log: Logger;
  #keys: JWTVerifyGetKey | undefined;
  /** Of the monotonic clock. */
  #fetched = Number.NEGATIVE_INFINITY;
  #tried = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(issuer: Issuer, times: Options['keys'], clock: Clock, log: Logger) {
    this.#issuer = issuer;
    this.#times = times;
    this.#clock = clock;
    this.#log = log;
  }

  /** Finds the key that a token names. Rejects with `GW_AUTH_UNAVAILABLE` where there are none to look among. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys(header, token);
    } catch (error) {
      // The issuer may sign with a new key since.
      if ((error as { code?: string }).code !== 'ERR_JWKS_NO_MATCHING_KEY' || !this.#mayTry()) throw error;
      await this.#fetch();
      return (this.#keys ?? keys)(header, token);
    }
  };

  async #current(): Promise<JWTVerifyGetKey> {
    const { maxAge, stale } = this.#times;
    if (this.#age() > maxAge && (this.#running !== undefined || this.#mayTry())) await this.#fetch();
    if (this.#keys !== undefined && this.#age() <= maxAge + stale) return this.#keys;
    const message = `The public keys of the issuer "${this.#issuer.issuer}" cannot be had.`;
    throw new GatewayError('GW_AUTH_UNAVAILABLE', message, { retryAfter: this.#times.pause });
  }

  #age(): number {
    return this.#clock.monotonic() - this.#fetched;
  }

  #mayTry(): boolean {
    return this.#clock.monotonic() - this.#tried >= this.#times.pause;
  }

  /** Never rejects: what was fetched before goes on being used. */
  #fetch(): Promise<void> {
    this.#running ??= this.#read()
      .catch((error: unknown) => {
        this.#log.warn('The public keys of an issuer of tokens cannot be fetched.', {
          issuer: this.#issuer.issuer,
          error,
        });
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #read(): Promise<void> {
    const begun = this.#clock.monotonic();
    this.#tried = begun;
    const { timeout } = this.#times;
    const document = await fetchDocument(await this.#address(timeout), this.#clock, timeout);
    this.#keys = createLocalJWKSet(signing(document));
    this.#fetched = begun;
  }

  async #address(timeout: number): Promise<string> {
    const { issuer, jwksUrl } = this.#issuer;
    if (jwksUrl !== undefined) return jwksUrl;
    const known = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer: own, jwks_uri: url } = await fetchDocument(known, this.#clock, timeout);
    // OpenID Connect Discovery 1.0, section 4.3: the document must be the issuer's own.
    if (own !== issuer || typeof url !== 'string') throw new Error(`${known} is not the configuration of "${issuer}"`);
    if (url.startsWith('https:') || new URL(url).origin === new URL(issuer).origin) return url;
    throw new Error(`${known} names keys at an address without https`);
  }
}

/** Keys that everybody may know; a secret among them would let whoever reads it sign. */
function signing(document: Record<string, unknown>): JSONWebKeySet {
  const { keys } = document;
  if (!Array.isArray(keys)) throw new Error('what was fetched is no set of keys');
  const usable = (keys as unknown[]).filter(
    (key): key is JSONWebKeySet['keys'][number] =>
      typeof key === 'object' && key !== null && ['RSA', 'EC', 'OKP'].includes((key as { kty?: string }).kty ?? ''),
  );
  return { keys: usable };
}
