/** One request for an access token. */
import { http } from './node-http.ts';

export interface TokenRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form; without it and `json`, the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: string;
}

/** How long the whole request may take, in milliseconds. */
const PATIENCE = 10_000;

/** The most of an answer that is read, in bytes; tokens have a few thousand. */
const LIMIT = 64 * 1024;

/** Sends a request. Follows no redirects: a credential goes only where the configuration says. Rejects with the socket's error. */
export function requestToken({ url, headers = {}, form, json }: TokenRequest): Promise<TokenAnswer> {
  const body =
    form === undefined ? (json === undefined ? undefined : JSON.stringify(json)) : new URLSearchParams(form).toString();
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const all = body === undefined ? headers : { ...headers, 'content-type': type };
  const { request } = url.startsWith('https:') ? process.getBuiltinModule('node:https') : http;
  return new Promise((resolve, reject) => {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: all,
      // So seldom that a connection kept from the last time would be one that the other side has closed.
      agent: false,
      signal: AbortSignal.timeout(PATIENCE),
    };
    const sent = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT) answer.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
