/** The names that this plugin's dialects go by. */

/** Chats, and the origin of everything that only this dialect can say. */
export const CHAT = 'cohere-chat';
export const EMBED = 'cohere-embed';
export const RERANK = 'cohere-rerank';
/** Not this API's: spoken to other vendors only. */
export const VOYAGE_RERANK = 'voyage-rerank';

const OWN: ReadonlySet<string> = new Set([CHAT, EMBED, RERANK]);

/** Whether a dialect is one of this plugin's. */
export function isOwn(dialect: string | undefined): boolean {
  return dialect !== undefined && OWN.has(dialect);
}
