/** A loopback provider that takes forms: it keeps what it received part by part, by a reader that is not ours. */
import { Upstream, type Answer, type Received } from './upstream.ts';

/** One part of a form as the provider read it. */
export interface ReceivedPart {
  readonly name: string;
  readonly value: string | { readonly filename: string; readonly type: string; readonly bytes: Buffer };
}

/** The parts of a form that a provider has received. */
export async function partsOf({ body, headers }: Received): Promise<ReceivedPart[]> {
  const init = { headers: { 'content-type': headers['content-type'] ?? '' } };
  // oxlint-disable-next-line typescript/no-deprecated -- a reader that we did not write, for forms of a test
  const form = await new Response(new Uint8Array(body), init).formData();
  const parts: ReceivedPart[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') parts.push({ name, value });
    else {
      const bytes = Buffer.from(await value.arrayBuffer());
      parts.push({ name, value: { filename: value.name, type: value.type, bytes } });
    }
  }
  return parts;
}

/** The fields of a form, without its files. */
export async function fieldsOf(received: Received): Promise<Record<string, string | string[]>> {
  const fields: Record<string, string | string[]> = {};
  for (const { name, value } of await partsOf(received)) {
    if (typeof value !== 'string') continue;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

/** The file of a form. */
export async function fileOf(received: Received, name = 'file'): Promise<Exclude<ReceivedPart['value'], string>> {
  const found = (await partsOf(received)).find((part) => part.name === name && typeof part.value !== 'string');
  if (found === undefined || typeof found.value === 'string') throw new Error(`The form has no file "${name}".`);
  return found.value;
}

/** Bytes that are different everywhere, with everything in them that a form could trip over. */
export function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size, '\r\n--\r\n\r\n--boundary\0\xff', 'latin1');
  for (let at = 0; at + 4 <= size; at += 64) bytes.writeUInt32LE(at, at);
  return bytes;
}

export { Upstream, type Answer };
