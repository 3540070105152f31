/** Names answers of dialects whose replies have no id or tell no model. */
import type { LiveExchange } from './live-exchange.ts';

/** The answer with the exchange's own id, and the model that the client asked for, where it came without. */
export function identified<T extends { readonly id: string; readonly model: string }>(
  answer: T,
  exchange: Pick<LiveExchange, 'id' | 'model'>,
): T {
  if (answer.id !== '' && answer.model !== '') return answer;
  return { ...answer, id: answer.id || exchange.id, model: answer.model || exchange.model };
}
