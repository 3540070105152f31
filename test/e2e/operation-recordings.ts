/** Recorded calls of the operations besides chat: what was asked, where, and what came back. */
import { cassettes, decodeBody, files, recordingsThere, type Cassette } from './recordings.ts';

export interface RecordedCall {
  readonly name: string;
  /** The path with its query. */
  readonly path: string;
  /** The request's bytes. */
  readonly request: Buffer;
  readonly status: number;
  readonly stream: boolean;
  /** The reply's bytes as they stood on the wire. */
  readonly body: Buffer;
}

/** All recorded calls of paths that match. */
export function readCalls(path: RegExp): RecordedCall[] {
  if (!recordingsThere) return [];
  const folders = ['dd-trace-js/openai', 'dd-trace-js/genai', 'envoy-ai-gateway'];
  return folders.flatMap((folder) => files(folder).flatMap((file) => callsOf(folder, file, path)));
}

function callsOf(folder: string, file: string, path: RegExp): RecordedCall[] {
  // Names tell what is inside; the files of audio are large.
  if (!/embed|completion|moderation|images_generations|image-generation/i.test(file) || /chat/.test(file)) return [];
  const found: RecordedCall[] = [];
  for (const [index, { request, response }] of cassettes(folder, file).entries()) {
    const url = new URL(request.url ?? request.uri ?? '');
    if (!path.test(url.pathname)) continue;
    const body = decodeBody(typeof response.body === 'string' ? response.body : response.body.string);
    found.push({
      name: `${folder}/${file}${index === 0 ? '' : ` #${index + 1}`}`,
      path: `${url.pathname}${url.search}`,
      request: decodeBody(request.body ?? ''),
      status: statusOf(response),
      stream: body.toString('utf8', 0, 5) === 'data:',
      body,
    });
  }
  return found;
}

/** One recorder puts the status into an object, another beside its text. */
function statusOf(response: Cassette['response'] & { readonly code?: number }): number {
  return response.code ?? response.status.code;
}
