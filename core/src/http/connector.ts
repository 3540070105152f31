/** Opens connections to providers. */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { buildConnector as BuildConnector } from 'undici';
import { providerReads } from './provider-reads.ts';

const load = createRequire(import.meta.url);

/** Up to this size, in bytes, the head and the body of a request are written as one text; what is larger is not copied. */
const ONE_TEXT = 8 * 1024;

/** A connector that gives up after so many milliseconds. */
export function connector(timeout: number): BuildConnector.connector {
  const buildConnector = load('undici/lib/core/connect.js') as typeof BuildConnector;
  const connect = buildConnector({ timeout, allowH2: false, onread: providerReads() });
  return (options, callback) => {
    connect(options, (...result) => {
      const [, socket] = result;
      if (socket !== null && socket !== undefined) joinSmallWrites(socket);
      callback(...result);
    });
  };
}

type Writev = NonNullable<Socket['_writev']>;
type Chunks = Parameters<Writev>[0];

/** One text costs the system half of what a list of pieces does: a twentieth of the time of a small request. */
function joinSmallWrites(socket: Socket): void {
  const writeEach = socket._writev?.bind(socket);
  if (writeEach === undefined) return;
  socket._writev = (chunks, done) => {
    const text = asText(chunks);
    if (text === undefined) writeEach(chunks, done);
    else socket._write(text, 'latin1', done);
  };
}

/** The bytes as Latin-1, which has a character for each; undefined where they are too many. */
function asText(chunks: Chunks): string | undefined {
  let text = '';
  for (const { chunk, encoding } of chunks as readonly { chunk: Buffer | string; encoding: BufferEncoding }[]) {
    if (text.length + chunk.length > ONE_TEXT || (typeof chunk === 'string' && encoding !== 'latin1')) return undefined;
    text += typeof chunk === 'string' ? chunk : chunk.toString('latin1');
  }
  return text;
}
