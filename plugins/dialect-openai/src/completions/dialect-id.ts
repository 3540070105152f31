/** The name of this dialect. */
export const COMPLETIONS = 'openai-completions';
