/** Inputs that are a text, a list of texts, or token ids. */
import { InvalidRequest } from './prompt.ts';

/** The texts; token ids stand for themselves. Throws `InvalidRequest`. */
export function textsOf(value: unknown, param: string): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0)
    throw new InvalidRequest(param, `'${param}' must be a text or a list.`);
  if (value.every((item) => typeof item === 'number')) return [value.join(' ')];
  return value.map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (Array.isArray(item) && item.length > 0 && item.every((one) => typeof one === 'number')) return item.join(' ');
    throw new InvalidRequest(param, `'${param}' must have texts or lists of token ids in it.`);
  });
}
