/** The names of this dialect, and of it as servers speak it that know no base64. */
export const EMBEDDINGS = 'openai-embeddings';
export const FLOAT_EMBEDDINGS = 'openai-embeddings-float';
