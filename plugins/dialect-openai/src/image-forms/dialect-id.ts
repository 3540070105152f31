/** The names of the dialects of images that are made from images. */
export const IMAGE_EDITS = 'openai-image-edits';
export const IMAGE_VARIATIONS = 'openai-image-variations';
