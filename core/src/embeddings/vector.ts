/** Vectors in the formats that clients ask for. */
import type { EmbeddingFormat } from './request.ts';
import type { Embedding } from './response.ts';

const BYTES = 4;

/** The values of a base64 text as 32-bit little-endian floats. Throws a RangeError where it does not hold whole ones. */
export function floatsOf(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.length % BYTES !== 0) {
    throw new RangeError(`A vector of ${bytes.length} bytes does not hold whole 32-bit floats.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const floats: number[] = [];
  for (let at = 0; at < bytes.length; at += BYTES) floats.push(view.getFloat32(at, true));
  return floats;
}

/** Values as base64 of 32-bit little-endian floats. */
export function base64Of(floats: readonly number[]): string {
  const bytes = Buffer.alloc(floats.length * BYTES);
  for (const [index, value] of floats.entries()) bytes.writeFloatLE(value, index * BYTES);
  return bytes.toString('base64');
}

/**
 * A vector in a format: as the provider gave it, or converted between `float` and `base64`, which say the same.
 * Undefined where neither is possible: what was quantised cannot be made here.
 */
export function vectorAs(embedding: Embedding, format: EmbeddingFormat): string | readonly number[] | undefined {
  const given = embedding[format];
  if (given !== undefined) return given;
  if (format === 'float' && embedding.base64 !== undefined) return floatsOf(embedding.base64);
  if (format === 'base64' && embedding.float !== undefined) return base64Of(embedding.float);
  return undefined;
}
