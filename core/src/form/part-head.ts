/** The head of one part of a form: its name, and whether it is a file (RFC 7578, section 4). */
import { GatewayError } from '../errors.ts';

export interface PartHead {
  readonly name: string;
  /** Whether the part is a file, and not a field. */
  readonly isFile: boolean;
  readonly filename?: string;
  readonly contentType?: string;
}

/** A parameter of a header: a token, `=`, and a token or a quoted text. Quotes inside of one are escaped by a backslash. */
const PARAMETER = /;[ \t]*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*/gy;

/** Types of parts that are fields also where a client names their type. */
const FIELD_TYPE = /^(?:text\/|application\/json\b)/i;

/** Encodings that leave the bytes as they are. */
const PLAIN = new Set(['binary', '8bit', '7bit']);

/** Reads the lines of a head, without the empty one behind it. Throws `GW_BAD_REQUEST` where it is not a form's. */
export function readPartHead(bytes: Buffer): PartHead {
  const headers = readHeaders(bytes.toString('latin1'));
  const encoding = headers.get('content-transfer-encoding')?.trim().toLowerCase() ?? 'binary';
  if (!PLAIN.has(encoding)) {
    throw malformed(`a part is encoded as "${encoding.slice(0, 40)}"; send its bytes as they are`);
  }
  const disposition = headers.get('content-disposition') ?? '';
  if (!/^form-data\b/i.test(disposition)) throw malformed('a part has no "Content-Disposition: form-data"');
  const parameters = readParameters(disposition);
  const name = parameters.get('name');
  if (name === undefined || name === '') throw malformed('a part has no name');
  const filename = extended(parameters.get('filename*')) ?? parameters.get('filename');
  const contentType = headers.get('content-type')?.trim();
  const isFile = filename !== undefined || (contentType !== undefined && !FIELD_TYPE.test(contentType));
  return {
    name,
    isFile,
    ...(filename === undefined ? {} : { filename }),
    ...(contentType === undefined || contentType === '' ? {} : { contentType }),
  };
}

function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    // A lone CR or LF would end the line for the next one who reads it; a folded line has no name.
    if (colon <= 0 || /[^!-9;-~]/.test(name) || /[\r\n\0]/.test(line)) {
      throw malformed('the head of a part has a line that is not a header');
    }
    if (headers.has(name)) throw malformed(`a part has two headers "${name.slice(0, 40)}"`);
    headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function readParameters(disposition: string): Map<string, string> {
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = 'form-data'.length;
  while (PARAMETER.lastIndex < disposition.length) {
    const match = PARAMETER.exec(disposition);
    if (match === null) throw malformed('the Content-Disposition of a part cannot be read');
    const [, name = '', quoted, token = ''] = match;
    const key = name.toLowerCase();
    if (parameters.has(key)) throw malformed(`a part has "${key.slice(0, 40)}" twice`);
    parameters.set(key, quoted === undefined ? fromLatin1(token) : fromLatin1(unescaped(quoted)));
  }
  return parameters;
}

/** Backslashes before other characters than these are part of a path that some clients send. */
function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

/** Header bytes are UTF-8 in forms (RFC 7578, section 5.1). */
function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** A text as RFC 8187 encodes it: `UTF-8''na%C3%AFve.wav`. Forms should not have it; older clients send it. */
function extended(text: string | undefined): string | undefined {
  const match = /^utf-8'[^']*'(.*)$/i.exec(text ?? '');
  if (match === null) return undefined;
  try {
    return decodeURIComponent(match[1] as string);
  } catch {
    return undefined;
  }
}

/** The client's form is not one. */
export function malformed(reason: string): GatewayError {
  return new GatewayError('GW_BAD_REQUEST', `The form cannot be read: ${reason}.`);
}
