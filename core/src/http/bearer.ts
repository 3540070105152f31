/** The bearer token of a call, and the mask that keeps it out of errors. */
import type { Clock } from '../clock.ts';
import type { WireReply } from '../reply.ts';
import { CredentialMask } from './credential-mask.ts';
import { TokenSource, type TokenOrigin } from './token-source.ts';

/** The tokens of one provider: given once, or had from an origin, which is then asked once for all who wait. */
export class Bearer {
  readonly #given: string | undefined;
  readonly #source: TokenSource | undefined;
  readonly #others: readonly string[];
  /** The last tokens: one that was just renewed may still be under way. */
  #known: readonly string[];
  #mask: CredentialMask;

  /** `others`: values that may hold a credential, such as configured headers. */
  constructor(tokens: string | TokenOrigin, clock: Clock, others: readonly string[]) {
    this.#others = others;
    this.#given = typeof tokens === 'string' ? tokens : undefined;
    this.#source =
      typeof tokens === 'string' ? undefined : new TokenSource(tokens, clock, (token) => this.#learn(token));
    this.#known = this.#given === undefined ? [] : [this.#given];
    this.#mask = new CredentialMask(this.#known, others);
  }

  /** Rejects where no token can be had; the error says what to do. */
  token(): Promise<string> {
    return this.#source?.get() ?? Promise.resolve(this.#given ?? '');
  }

  /** The reply, without the token where it is an error; a token that was refused is not used again. */
  reply(token: string, reply: WireReply): WireReply {
    if (reply.status === 401) this.#source?.forget(token);
    return this.#mask.reply(reply);
  }

  #learn(token: string): void {
    this.#known = [token, ...this.#known].slice(0, 2);
    this.#mask = new CredentialMask(this.#known, this.#others);
  }
}
