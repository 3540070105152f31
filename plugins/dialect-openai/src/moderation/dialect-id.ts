/** The name of this dialect. */
export const MODERATION = 'openai-moderation';
