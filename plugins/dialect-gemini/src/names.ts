/** The names that this plugin's dialects go by. */

/** Chats whose streams are server-sent events, and the origin of everything that only Gemini's API can say. */
export const GENERATE = 'gemini-generate';
/** Chats whose streams are JSON arrays. */
export const GENERATE_ARRAY = 'gemini-generate-array';
export const COUNT_TOKENS = 'gemini-count-tokens';
