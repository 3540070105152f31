/** The names that this plugin's dialects go by. */

/** Chats whose streams are server-sent events, and the origin of everything that only Gemini's API can say. */
export const GENERATE = 'gemini-generate';
/** Chats whose streams are JSON arrays. */
export const GENERATE_ARRAY = 'gemini-generate-array';
export const COUNT_TOKENS = 'gemini-count-tokens';
/** Embeddings of one content, and the origin of what only requests for embeddings can say. */
export const EMBED = 'gemini-embed';
/** Embeddings of several contents. */
export const BATCH_EMBED = 'gemini-batch-embed';
/** Embeddings as Vertex AI has them for its older models. */
export const PREDICT = 'gemini-predict';
export const MODELS = 'gemini-models';
export const MODEL = 'gemini-model';
