/** Short texts in bodies, most of which came before: the names of fields and models. */
import { codeAt } from './code-at.ts';

/** Up to so many bytes a text is kept. */
export const SHORT_TEXT = 32;

/** As many texts are kept, and a new one goes in the place of an old one. */
const SLOTS = 256;

const kept: string[] = Array.from({ length: SLOTS }, () => '');

/**
 * The text of bytes in UTF-8. One that came lately is looked up by its bytes, in 20 ns: to make it takes 120, and what is made
 * anew for each request is slow to compare.
 */
export function shortText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0 || length > SHORT_TEXT) return bytes.toString('utf8', start, end);
  const slot = (length * 31 + (bytes[start] as number) * 7 + (bytes[end - 1] as number)) % SLOTS;
  const last = kept[slot] as string;
  if (stands(last, bytes, start, length)) return last;
  const text = bytes.toString('utf8', start, end);
  kept[slot] = text;
  return text;
}

/** A text that is not all ASCII has fewer characters than bytes, or one that is no byte. */
function stands(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (codeAt(text, at) !== bytes[start + at]) return false;
  return true;
}
