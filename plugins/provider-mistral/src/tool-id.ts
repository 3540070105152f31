/** The ids of tool calls, as Mistral takes them: nine letters and digits. */
import { createHash } from 'node:crypto';

/** What the API says of others: "must be a-z, A-Z, 0-9, with a length of 9". */
const OWN = /^[A-Za-z0-9]{9}$/;

/** The id itself where it is Mistral's own, else one made from it: the same for the same id, so that results find their calls. */
export function toolId(id: string): string {
  return OWN.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}
