/** Claims and postings as the strings that scripts take. */
import type { Claim, ClaimWindow, Posting } from '@gatewright/core';

const LETTERS: Readonly<Record<ClaimWindow['kind'], string>> = { periods: 'P', sliding: 'S', total: 'T', held: 'H' };

/** The window's letter; with `!`, the counter must be known. */
export function kindOf(kind: Claim['kind'], window: ClaimWindow['kind'], known: boolean): string {
  return LETTERS[window] + (known && kind === 'budget' && window !== 'held' ? '!' : '');
}

/** Windows stay the same objects from one hold to the next: their texts, where the counter need not be known, and where it must. */
const TEXTS = [new WeakMap<ClaimWindow, string>(), new WeakMap<ClaimWindow, string>()] as const;

/** A window as scripts take it: JSON of its kind, and of what tells which part of it runs. */
export function windowText(kind: Claim['kind'], window: ClaimWindow, known: boolean): string {
  const texts = TEXTS[known && kind === 'budget' ? 1 : 0];
  let text = texts.get(window);
  if (text === undefined) {
    const list: (string | number)[] = [kindOf(kind, window.kind, known)];
    if (window.kind === 'sliding') list.push(window.length);
    if (window.kind === 'periods') list.push(...window.periods.flatMap(({ start, end, id }) => [start, end, id]));
    text = JSON.stringify(list);
    texts.set(window, text);
  }
  return text;
}

/** A Lua number is exact for so many digits. */
const SHORT = 15;

/** Whether an amount is told as a string. */
export const isLong = (amount: bigint): boolean => `${amount}`.length > SHORT;

/** An amount as JSON: a number, or a string where it has more digits than Lua is exact for. */
export function amountText(amount: bigint): string {
  const text = `${amount}`;
  return text.length > SHORT ? `"${text}"` : text;
}

/** The amounts of a hold, as they are kept with it. */
export const amountsText = (amounts: readonly bigint[]): string => `[${amounts.map(amountText).join(',')}]`;

/** What {@link amountsText} was made of. */
export const readAmounts = (text: string): bigint[] => (JSON.parse(text) as (number | string)[]).map(BigInt);

/** What whoever reclaims a hold needs to know of its claims; it is kept with the hold. */
export function packClaims(claims: readonly Claim[]): string {
  return `[${claims.map(({ scope, unit, window, kind }) => packClaim(scope, unit, window, kind)).join(',')}]`;
}

/** One claim of {@link packClaims}. */
export function packClaim(scope: string, unit: string, window: ClaimWindow, kind: Claim['kind']): string {
  return JSON.stringify([scope, unit, window.kind, window.name, kind]);
}

export type PackedClaim = readonly [
  scope: string,
  unit: string,
  window: ClaimWindow['kind'],
  name: string,
  kind: Claim['kind'],
];

/** The postings of a hold as it was taken, from what is kept with it. */
export function unpackPostings(packed: string, parts: string, amounts: string): Posting[] {
  const periods = JSON.parse(parts) as readonly string[];
  const held = readAmounts(amounts);
  return (JSON.parse(packed) as PackedClaim[]).map(([scope, unit, window, name, kind], index) => {
    const period = window === 'periods' ? (periods[index] ?? '') : '';
    return { scope, unit, window, name, period, kind, held: held[index] ?? 0n, actual: 0n };
  });
}

/** The bucket or period end that a hold needs to be taken again. */
export function spanOf(window: ClaimWindow, part: string): string {
  if (window.kind === 'sliding') return `${window.length}`;
  if (window.kind !== 'periods') return '';
  return `${window.periods.find(({ id }) => id === part)?.end ?? 0}`;
}
