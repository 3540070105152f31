/** Writes images that are made from images in OpenAI's dialect: squares of one colour, whatever was sent. */
import { isFormFile, type JsonObject } from '@gatewright/core';
import { imagesWire } from './images-wire.ts';
import { stringOf } from './json.ts';
import { InvalidRequest } from './prompt.ts';
import type { Wire } from './wire.ts';

/** Fields of a form are texts. */
function typed(fields: JsonObject): JsonObject {
  const body: JsonObject = { ...fields };
  for (const name of ['n', 'partial_images']) {
    if (typeof body[name] === 'string') body[name] = Number(body[name]);
  }
  if (body['stream'] === 'true') body['stream'] = true;
  return body;
}

/** Edits have a prompt and may be streamed; the images of an edit that is JSON are addresses. */
export const imageEditsWire: Wire = {
  ...imagesWire,
  read(fields) {
    const images = [fields['image'], fields['image[]'], fields['images']].flat();
    if (!images.some((image) => image !== undefined)) throw new InvalidRequest('image', "'image' must be a file.");
    return imagesWire.read(typed(fields));
  },
  stream: (writing) =>
    imagesWire.stream(writing).map(({ kind, text, tokens }) => {
      return { kind, text: text.replaceAll('image_generation.', 'image_edit.'), tokens };
    }),
};

export const imageVariationsWire: Wire = {
  ...imagesWire,
  read(fields) {
    const { image } = fields;
    if (!isFormFile(image)) throw new InvalidRequest('image', "'image' must be a file.");
    const prompt = `a variation of ${stringOf(image.filename)}, ${image.size} bytes`;
    return imagesWire.read({ ...typed(fields), prompt, stream: false });
  },
};
