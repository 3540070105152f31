/** The names of the dialects of sound. */
export const SPEECH = 'openai-speech';
export const TRANSCRIPTIONS = 'openai-transcriptions';
export const TRANSLATIONS = 'openai-translations';
