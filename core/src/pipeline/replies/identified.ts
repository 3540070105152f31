/** Names answers of dialects whose replies have no id or tell no model. */
import type { LiveExchange } from '../live-exchange.ts';

/** The answer with the exchange's own id, and the model that the client asked for, where it has a place for them and nothing in it. */
export function identified<T extends { readonly id?: string; readonly model?: string }>(
  answer: T,
  exchange: Pick<LiveExchange, 'id' | 'model'>,
): T {
  const named = {
    ...(answer.id === '' ? { id: exchange.id } : {}),
    ...(answer.model === '' ? { model: exchange.model } : {}),
  };
  return answer.id === '' || answer.model === '' ? { ...answer, ...named } : answer;
}
