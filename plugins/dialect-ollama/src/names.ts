/** The names of this dialect. */
export const CHAT = 'ollama-chat';
