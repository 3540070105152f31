/** The name of this dialect. */
export const EMBEDDINGS = 'openai-embeddings';
