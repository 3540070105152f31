/** JSON that is read as Latin-1, which has a character for each byte. */
import { codeAt } from './code-at.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Where the string ends that has begun before `from`: the offset of its closing quote; -1 where it has none. */
export function stringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
    else if (code < SPACE) return -1;
  }
  return -1;
}

/** The same text in a piece of its own: a slice of another is slow to compare, and keeps the whole of it in memory. */
export function flatText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
