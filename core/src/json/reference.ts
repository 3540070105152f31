/** Strings of a JSON body that may name an image or a file that is elsewhere. */

const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** Any byte may stand here. */
const ANYTHING = 0xff;

/**
 * An address, or the name of a field for a file or its id. Paths and names of files are in the schemas of many tools, and
 * name nothing that a provider fetches. A letter that is written as an escape may be any of these, and so may what stands
 * behind more space than is looked at.
 */
const REFERENCE = /^(?: |\\[bfnrt])*(?:\\?$|https?:|s3:|gs:|file(?!_?(?:path|name))|\w{0,7}\\u00[0-7])/i;

/** How much of a string is looked at, in bytes. */
const LOOKED_AT = 32;

/** By the first character of all that this finds, the second as a small letter: of most strings no more is looked at. */
const SECOND = seconds(['ht', 's3', 'gs', 'fi']);

/** Whether the string whose inside begins at `start` may name something that is elsewhere. */
export function mayRefer(bytes: Buffer, start: number): boolean {
  const wanted = SECOND[bytes[start] as number] as number;
  if (wanted === 0) return false;
  const second = bytes[start + 1] as number;
  if (wanted !== ANYTHING && wanted !== (second | 0x20) && second !== BACKSLASH) return false;
  return REFERENCE.test(bytes.toString('latin1', start, start + LOOKED_AT));
}

function seconds(beginnings: readonly string[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const two of beginnings) {
    for (const first of [two, two.toUpperCase()]) table[first.charCodeAt(0)] = two.charCodeAt(1);
  }
  table[SPACE] = ANYTHING;
  table[BACKSLASH] = ANYTHING;
  return table;
}
