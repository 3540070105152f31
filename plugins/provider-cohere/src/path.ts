/** The path of an operation. The model's name stands in the body, and cannot lead anywhere else. */
import type { Exchange, RerankRequest } from '@gatewright/core';

/** The path at which an exchange's operation is served. */
export function pathOf(exchange: Exchange): string {
  switch (exchange.operation) {
    case 'embeddings':
      return '/v2/embed';
    case 'rerank':
      return isOlder(exchange.request<'rerank'>()) ? '/v1/rerank' : '/v2/rerank';
    default:
      return '/v2/chat';
  }
}

/**
 * Whether only version 1 can do what is asked: give documents back, and take them as objects. Version 2 takes texts
 * (https://docs.cohere.com/reference/rerank, https://docs.cohere.com/v1/reference/rerank).
 */
function isOlder({ returnDocuments, rankFields, documents }: RerankRequest): boolean {
  return returnDocuments === true || rankFields !== undefined || documents.some((one) => typeof one !== 'string');
}
