/** Images: this dialect has their bytes as base64 and does not say what they are. */
import type { ImagePart } from '@gatewright/core';

/** How the base64 of an image's first bytes begins, by its type. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

/** Data of a type that nobody knows is taken for PNG, as Ollama does not look at the type either. */
export function imageOf(base64: string): ImagePart {
  const data = base64.replace(/^data:[^,]*,/, '');
  const mediaType = BEGINNINGS.find(([beginning]) => data.startsWith(beginning))?.[1] ?? 'image/png';
  return { type: 'image', source: { kind: 'base64', mediaType, data } };
}
