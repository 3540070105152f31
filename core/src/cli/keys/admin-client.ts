/** Asks a running gateway's management routes. */
import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { CommandFailure } from '../failure.ts';

/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000;

/** The most bytes of an answer that are read. */
const MOST = 16 * 1024 * 1024;

export interface AdminClient {
  get(path: string): Promise<Record<string, unknown>>;
  post(path: string, body: object): Promise<Record<string, unknown>>;
}

export function adminClient(url: URL, key: string): AdminClient {
  const ask = (method: string, path: string, body?: object): Promise<Record<string, unknown>> =>
    send(url, key, method, path, body).then(({ status, text }) => answerOf(url, path, status, text));
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  };
}

interface Received {
  readonly status: number;
  readonly text: string;
}

function send(url: URL, key: string, method: string, path: string, body: object | undefined): Promise<Received> {
  const target = new URL(url.pathname.replace(/\/$/, '') + path, url);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${key}`,
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? secure : plain)(target, { method, headers, timeout: PATIENCE });
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    request.on('error', (error) => reject(unreachable(url, error)));
    request.on('response', (response) => {
      receive(response).then(resolve, (error: Error) => reject(unreachable(url, error)));
    });
    request.end(text);
  });
}

async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

/** The answer, or what is wrong in words. Throws a CommandFailure. */
function answerOf(url: URL, path: string, status: number, text: string): Record<string, unknown> {
  const answer = parsed(text);
  if (status === 200 && answer !== undefined) return answer;
  const { message, code } = errorOf(answer);
  if (status === 401) {
    throw new CommandFailure(
      `The gateway at ${url.origin} does not know this key.`,
      'set GATEWRIGHT_ADMIN_KEY to its admin key, or name a file that holds it: --admin-key-file <path>',
    );
  }
  if (answer === undefined || (status === 404 && code === 'GW_NOT_FOUND' && message.startsWith('Nothing is served'))) {
    throw new CommandFailure(
      `What listens at ${url.origin} has no management routes: ${path.replace(/\?.*$/, '')} answered ${status}.`,
      'add the plugin @gatewright/admin-api to its configuration, or give the address of its own listener: --url',
    );
  }
  throw new CommandFailure(message === '' ? `The gateway answered with the status ${status}.` : message);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function errorOf(answer: Record<string, unknown> | undefined): { message: string; code: string } {
  const { message, code } = (answer?.['error'] ?? {}) as { message?: unknown; code?: unknown };
  return { message: typeof message === 'string' ? message : '', code: typeof code === 'string' ? code : '' };
}

function unreachable(url: URL, error: Error & { code?: string }): CommandFailure {
  const { code } = error;
  if (code === 'ECONNREFUSED') {
    const help = 'start it with "gatewright start", or say where it is: --url http://host:port';
    return new CommandFailure(`Nothing listens at ${url.origin}.`, help);
  }
  const why =
    code === 'ENOTFOUND' ? 'the name is not known' : code === 'ETIMEDOUT' ? 'no answer came in time' : error.message;
  return new CommandFailure(`The gateway at ${url.origin} could not be asked: ${why}.`, 'check --url');
}
