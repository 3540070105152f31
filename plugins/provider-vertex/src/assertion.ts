/** The assertion with which a service account asks for a token: a JWT, signed with its key. */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { ServiceAccount } from './key-file.ts';
import { SCOPE } from './scope.ts';

/** The longest that an assertion may hold, in seconds. */
const LIFETIME = 3600;

/** Makes assertions (RFC 7523; https://developers.google.com/identity/protocols/oauth2/service-account#httprest). */
export class Assertions {
  readonly #account: ServiceAccount;
  readonly #key: KeyObject;

  /** Throws TypeError where the private key cannot be read. */
  constructor(account: ServiceAccount) {
    this.#account = account;
    try {
      this.#key = createPrivateKey(account.private_key);
    } catch {
      // The reason may quote the key.
      throw new TypeError(
        'The service account\'s "private_key" is no private key in PEM form. Are its line ends still "\\n"?',
      );
    }
    if (this.#key.asymmetricKeyType !== 'rsa') {
      throw new TypeError('The service account\'s "private_key" is no RSA key. Download the key file again.');
    }
  }

  /** `now`: milliseconds since 1970. */
  make(now: number): string {
    const { client_email: issuer, token_uri: audience, private_key_id: keyId } = this.#account;
    const issued = Math.floor(now / 1000);
    const head = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
    const claims = { iss: issuer, scope: SCOPE, aud: audience, iat: issued, exp: issued + LIFETIME };
    const text = `${encode(head)}.${encode(claims)}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.#key).toString('base64url')}`;
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
