/**
 * Signs requests with AWS Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Comes with credentials that are valid for a while only. */
  readonly sessionToken?: string | undefined;
}

export interface Signable {
  readonly method: string;
  readonly host: string;
  /** The path as it is sent, percent-encoding included; no query. */
  readonly path: string;
  /** Names in lower case. All of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const TERMINATOR = 'aws4_request';

/** Signs for one service in one region, with one set of credentials. */
export class Signer {
  readonly #credentials: Credentials;
  readonly #region: string;
  readonly #service: string;
  /** The signing key holds for a day (UTC), and making it takes four rounds. */
  #day = '';
  #key: Buffer | undefined;

  constructor(credentials: Credentials, region: string, service: string) {
    this.#credentials = credentials;
    this.#region = region;
    this.#service = service;
  }

  /** The headers to send: those given, and the date, the session and the signature. `now`: milliseconds since 1970. */
  sign(request: Signable, now: number): Record<string, string> {
    const date = timestamp(now);
    const { accessKeyId, sessionToken } = this.#credentials;
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': date };
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
    const signed: Record<string, string> = { ...headers, host: request.host };
    const names = Object.keys(signed).toSorted();
    const list = names.join(';');
    const canonical = [
      request.method,
      canonicalPath(request.path),
      '',
      ...names.map((name) => `${name}:${canonicalValue(signed[name] as string)}`),
      '',
      list,
      sha256(request.body),
    ].join('\n');
    const day = date.slice(0, 8);
    const scope = `${day}/${this.#region}/${this.#service}/${TERMINATOR}`;
    const signature = hmac(this.#keyOf(day), `${ALGORITHM}\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex');
    headers['authorization'] =
      `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    return headers;
  }

  #keyOf(day: string): Buffer {
    if (this.#day === day && this.#key !== undefined) return this.#key;
    const secret = `AWS4${this.#credentials.secretAccessKey}`;
    const key = [day, this.#region, this.#service, TERMINATOR].reduce<string | Buffer>(hmac, secret) as Buffer;
    this.#day = day;
    this.#key = key;
    return key;
  }
}

/** As ISO 8601's basic format has it: `20150830T123600Z`. */
function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Every segment is encoded once more: what was sent as `%3A` is signed as `%253A`. */
function canonicalPath(path: string): string {
  return path.split('/').map(encodeStrictly).join('/');
}

function canonicalValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

/** All but the unreserved characters of RFC 3986 percent-encoded. Throws URIError for half of a surrogate pair. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
