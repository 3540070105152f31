/** The tokens of the simulated model. */
import { estimateTokenCount } from 'tokenx';

/** What an image, a document or a sound counts; real models count them by their size. */
const ATTACHMENT_TOKENS = 1000;
/** What a message counts besides its text: its role and its ends. */
const MESSAGE_TOKENS = 4;

/** A word with the space before it, cut where it is long; or marks with theirs. */
const TOKEN = /\s*(?:[\p{L}\p{M}\p{N}]{1,12}|[^\s\p{L}\p{M}\p{N}]{1,4}|$)/gu;

/** The tokens of an answer. Joined, they are the text again. */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN)?.filter((token) => token !== '') ?? [];
}

/** An estimate of the tokens of a request. */
export function countInput(texts: readonly string[], messages: number, attachments: number): number {
  let count = messages * MESSAGE_TOKENS + attachments * ATTACHMENT_TOKENS;
  for (const text of texts) count += estimateTokenCount(text);
  return count;
}
