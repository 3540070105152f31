/** Access tokens, kept until shortly before they expire and renewed once for all who wait. */
import type { Clock } from '../clock.ts';
import { GatewayError, isGatewayError } from '../errors.ts';
import type { TokenAnswer } from './token-request.ts';

/** Where tokens come from, and what to do where none comes. */
export interface TokenOrigin {
  /** `the service account`: whoever is asked, as errors name it. */
  readonly name: string;
  readonly help: string;
  /** Asks for a new token; `now` in milliseconds since 1970. The answer is an OAuth one: `access_token`, `expires_in`. */
  ask(now: number): Promise<TokenAnswer>;
}

/** So long before its end a token is renewed in the background, in milliseconds, and the old one is still used. */
const EARLY = 5 * 60_000;
/** So long before its end a token is not used any more: a request takes time to arrive. */
const MARGIN = 30_000;
/** So long a failed renewal in the background is not tried again. */
const PAUSE = 10_000;

interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export class TokenSource {
  readonly #origin: TokenOrigin;
  readonly #clock: Clock;
  /** What is kept out of errors; a token is added when it comes. */
  readonly #learn: (token: string) => void;
  #token: Token | undefined;
  #flight: Promise<Token> | undefined;
  #notBefore = 0;

  constructor(origin: TokenOrigin, clock: Clock, learn: (token: string) => void) {
    this.#origin = origin;
    this.#clock = clock;
    this.#learn = learn;
  }

  /** A token that still holds. Rejects with `GW_UPSTREAM_ERROR` or `GW_UPSTREAM_UNREACHABLE`, which say what to do. */
  async get(): Promise<string> {
    const now = this.#clock.now();
    const token = this.#token;
    if (token === undefined || token.expires - MARGIN <= now) return (await this.#renew()).value;
    if (token.expires - EARLY <= now && this.#notBefore <= now) {
      // The old one still holds: nobody has to wait, and nobody is hurt where this fails.
      this.#notBefore = now + PAUSE;
      this.#renew().catch(() => undefined);
    }
    return token.value;
  }

  /** Forgets a token that was refused: somebody revoked it. */
  forget(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  #renew(): Promise<Token> {
    this.#flight ??= this.#ask().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #ask(): Promise<Token> {
    const asked = this.#clock.now();
    const answer = await this.#answer(asked);
    const token = tokenIn(answer, asked);
    if (token === undefined) throw this.#refusal(answer);
    this.#learn(token.value);
    this.#token = token;
    return token;
  }

  async #answer(now: number): Promise<TokenAnswer> {
    try {
      return await this.#origin.ask(now);
    } catch (cause) {
      if (isGatewayError(cause)) throw cause;
      const { name, help } = this.#origin;
      const reason = (cause as { code?: string }).code ?? (cause as Error).name;
      const message = `No access token could be had from ${name}: it was not reached (${reason}).`;
      throw new GatewayError('GW_UPSTREAM_UNREACHABLE', message, { help, cause });
    }
  }

  #refusal({ status, body }: TokenAnswer): GatewayError {
    const { name, help } = this.#origin;
    const retryable = status === 429 || status >= 500;
    const reason = reasonIn(body);
    const message = `No access token could be had from ${name}: it answered ${status}${reason === undefined ? '' : ` (${reason})`}.`;
    return new GatewayError('GW_UPSTREAM_ERROR', message, { status: retryable ? 503 : 502, retryable, help });
  }
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** https://datatracker.ietf.org/doc/html/rfc6749#section-5.1 */
function tokenIn({ status, body }: TokenAnswer, asked: number): Token | undefined {
  const { access_token: value, expires_in: told } = parse(body);
  // Some write the number as a text.
  const seconds = typeof told === 'string' ? Number(told) : told;
  if (status !== 200 || typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const lifetime = typeof seconds === 'number' && seconds > 0 ? seconds : 3600;
  return { value, expires: asked + lifetime * 1000 };
}

/** The code of an OAuth error, such as `invalid_grant`; its description may repeat what was sent. */
function reasonIn(body: string): string | undefined {
  const { error } = parse(body);
  return typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : undefined;
}
