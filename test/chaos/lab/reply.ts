/** HTTP answers as the bytes of a lab server's script. */
import { CLOSE, RESET, STALL, type Step } from './server.ts';

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Found',
  400: 'Bad Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

type Headers = Readonly<Record<string, string>>;

export function head(status: number, headers: Headers): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Status'}\r\n${lines.join('')}\r\n`;
}

/** A whole answer. */
export function whole(status: number, body: string | Buffer, headers: Headers = {}): Step[] {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  return [head(status, all), bytes];
}

export const EVENT_STREAM: Headers = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' };

/** One HTTP chunk. */
export function chunk(bytes: string | Buffer): Buffer {
  const body = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}

export const LAST_CHUNK = '0\r\n\r\n';

const BREAKS: ReadonlySet<unknown> = new Set([RESET, CLOSE, STALL]);

/** A stream of the frames; breaks and pauses among them stay what they are. It ends well unless it breaks. */
export function stream(frames: readonly Step[], headers: Headers = EVENT_STREAM): Step[] {
  const broken = frames.some((frame) => BREAKS.has(frame) || (typeof frame === 'object' && 'endless' in frame));
  const steps = frames.map((frame): Step => {
    if (typeof frame === 'string' || Buffer.isBuffer(frame)) return chunk(frame);
    return typeof frame === 'object' ? { ...frame, endless: chunk(frame.endless).toString('latin1') } : frame;
  });
  return [head(200, headers), ...steps, ...(broken ? [] : [LAST_CHUNK])];
}

/** An error in the words of OpenAI's dialect. */
export function failure(status: number, message: string, more: object = {}, headers: Headers = {}): Step[] {
  return whole(status, JSON.stringify({ error: { message, type: 'error', ...more } }), headers);
}
