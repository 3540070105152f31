/** The name of this dialect. */
export const IMAGES = 'openai-images';
