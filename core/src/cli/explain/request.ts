/** The request that is explained: from a prompt or a file, in the dialect of a surface. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import type { Dialect, Surface } from '../../dialect.ts';
import { applyEdits } from '../../json/edit.ts';
import { outlineOf } from '../../json/outline.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { CommandFailure } from '../failure.ts';
import { placeOf } from './place.ts';

export interface RequestOptions {
  readonly model?: string;
  /** The id of a surface. Default: the first that chats. */
  readonly surface?: string;
  readonly prompt?: string;
  /** A file with a request body; `-` is standard input. */
  readonly body?: string;
  /** What the client would send as its key. */
  readonly key?: string;
  /** `name: value`. */
  readonly header?: readonly string[];
  /** `name=value`, for the parameters of the surface's path. */
  readonly param?: readonly string[];
  /** `name=value&…`. */
  readonly query?: string;
  readonly stream?: boolean;
}

export interface AskedRequest {
  readonly surface: Surface;
  readonly dialect: Dialect;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly stream: boolean;
}

/** Throws a CommandFailure where the options do not make a request. */
export function requestOf(kernel: Kernel, options: RequestOptions, cwd: string): AskedRequest {
  const surface = surfaceOf(kernel, options.surface);
  const dialect = kernel.dialects.get(surface.dialect);
  if (dialect === undefined) throw new CommandFailure(`The surface "${surface.id}" has no dialect.`);
  const headers = headersOf(options);
  const query = new URLSearchParams(options.query);
  refuseOthersPlace(kernel, surface, headers, query);
  const { path, params } = placeOf(surface, options.param ?? [], () => modelOf(kernel, options));
  const body =
    surface.method === 'GET' || surface.request !== undefined ? undefined : bodyOf(kernel, dialect, options, cwd);
  const stream = surface.head?.(params, query).stream ?? (body !== undefined && wantsStream(dialect, body));
  return { surface, dialect, path: query.size === 0 ? path : `${path}?${query.toString()}`, headers, body, stream };
}

/** Surfaces may share a path: the request has to be one that comes to this surface. */
function refuseOthersPlace(
  kernel: Kernel,
  surface: Surface,
  headers: AskedRequest['headers'],
  query: URLSearchParams,
): void {
  if (surface.when === undefined || surface.when(headers, query)) return;
  const others = kernel.surfaces.filter((one) => one.path === surface.path && one !== surface).map(({ id }) => id);
  throw new CommandFailure(
    `A request like this goes to the surface ${others.join(' or ')}, which has the same path as "${surface.id}".`,
    'send the header or the query that its clients send: --header "name: value", --query name=value',
  );
}

function wantsStream(dialect: Dialect, body: Buffer): boolean {
  try {
    return dialect.codec.readHead(outlineOf(body)).stream;
  } catch {
    // What is wrong with the body is for the gateway to say.
    return false;
  }
}

function surfaceOf({ surfaces, dialects }: Kernel, id: string | undefined): Surface {
  const ids = surfaces.map((surface) => surface.id);
  if (id !== undefined) {
    const surface = surfaces.find((one) => one.id === id);
    if (surface !== undefined) return surface;
    const near = nearest(id, ids);
    const help = near === undefined ? `the surfaces are: ${ids.join(', ') || '(none)'}` : `did you mean "${near}"?`;
    throw new CommandFailure(`There is no surface "${id}".`, help);
  }
  const chats = surfaces.find((one) => one.method === 'POST' && dialects.get(one.dialect)?.operation === 'chat');
  const surface = chats ?? surfaces[0];
  if (surface !== undefined) return surface;
  throw new CommandFailure('This gateway has no surface, so no request can come in.', 'add a plugin that brings one');
}

function headersOf({ header = [], key }: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const line of header) {
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new CommandFailure(`"${line}" is no header.`, 'write it like --header "name: value"');
    }
    headers[name.toLowerCase()] = value;
  }
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
  return headers;
}

function modelOf({ models }: Kernel, { model }: RequestOptions): string {
  const name = model ?? models.names.find((one) => !one.includes('*'));
  if (name !== undefined) return name;
  throw new CommandFailure('There is no model to ask for.', 'configure one under "models", or name one: --model');
}

function bodyOf(kernel: Kernel, dialect: Dialect, options: RequestOptions, cwd: string): Buffer {
  const { body, prompt, stream = false } = options;
  if (body !== undefined) return fileBody(dialect, options, body, cwd);
  if (dialect.operation !== 'chat') {
    const message = `A prompt makes no request for the operation "${dialect.operation}".`;
    throw new CommandFailure(message, 'give the request itself: --body file.json');
  }
  const model = modelOf(kernel, options);
  const parts = [{ type: 'text', text: prompt ?? 'Hello' }] as const;
  const request = { model, messages: [{ role: 'user', parts }], stream } as const;
  const context = { model, unsupported: () => undefined, warn: () => undefined };
  return Buffer.from(JSON.stringify(dialect.codec.encodeRequest(request, context)));
}

function fileBody(dialect: Dialect, { model, prompt, stream }: RequestOptions, file: string, cwd: string): Buffer {
  if (prompt !== undefined) throw new CommandFailure('Give either --prompt or --body, not both.');
  if (stream === true) {
    throw new CommandFailure('With --body, the body says whether it wants a stream.', 'leave --stream out');
  }
  const bytes = read(file, cwd);
  if (model === undefined) return bytes;
  try {
    const { edits } = dialect.codec.editRequest(outlineOf(bytes), { model, usage: false });
    return applyEdits(bytes, edits);
  } catch {
    // The same goes for this.
    return bytes;
  }
}

function read(file: string, cwd: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : resolve(cwd, file));
  } catch (error) {
    throw new CommandFailure(`The body cannot be read: ${(error as Error).message}`);
  }
}
