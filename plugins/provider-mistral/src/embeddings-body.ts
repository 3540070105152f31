/** An embeddings request as Mistral takes it. */
import type { EncodeContext, JsonObject } from '@gatewright/core';

/** https://docs.mistral.ai/api/endpoint/embeddings */
export function embeddingsBody(body: JsonObject, context: EncodeContext): JsonObject {
  const { dimensions, user, ...rest } = body;
  if (user !== undefined && user !== null) context.warn('user', 'Mistral does not know this field.');
  return dimensions === undefined || dimensions === null ? rest : { ...rest, output_dimension: dimensions };
}
