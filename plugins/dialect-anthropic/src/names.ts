/** The names that this plugin's dialects go by. */

/** Chats, and the origin of everything that only this dialect can say. */
export const MESSAGES = 'anthropic-messages';
export const COUNT_TOKENS = 'anthropic-count-tokens';
/** The list of models. */
export const MODELS = 'anthropic-models';
/** One model. */
export const MODEL = 'anthropic-model';
