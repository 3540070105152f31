/** Spreads an answer with images into the events of a stream, for answers that were not streamed to clients that asked for a stream. */
import type { ChatEvent } from '../chat/event.ts';
import type { Part } from '../chat/part.ts';
import type { GeneratedImage, ImagesResponse } from './response.ts';

/** The events of an answer: its usage, then each image as a part. */
export function spreadImages({ images, usage, created, rest }: ImagesResponse): ChatEvent[] {
  const events: ChatEvent[] = [
    {
      type: 'start',
      id: '',
      model: '',
      ...(created === undefined ? {} : { created }),
      ...(rest === undefined ? {} : { rest }),
    },
  ];
  if (usage !== undefined) events.push({ type: 'usage', usage });
  for (const [index, image] of images.entries()) {
    events.push(
      { type: 'part-start', candidate: 0, index, part: partOf(image) },
      { type: 'part-end', candidate: 0, index },
    );
  }
  events.push({ type: 'stop', candidate: 0, stop: { reason: 'stop' } }, { type: 'end' });
  return events;
}

function partOf({ base64, url = '', rest }: GeneratedImage): Part {
  const withRest = rest === undefined ? {} : { rest };
  if (base64 === undefined) return { type: 'image', source: { kind: 'url', url }, ...withRest };
  return { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: base64 }, ...withRest };
}
