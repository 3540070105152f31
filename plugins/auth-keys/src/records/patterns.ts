/** Sets of models, written as names and patterns: whether one holds another, and what two have in common. */
import { GROUP_MARK, matchesPattern } from '@gatewright/core';

/** Models by names, patterns, and groups of the configuration (`@premium`); undefined means all. */
export type ModelSet = readonly string[] | undefined;

/** Whether every model of `inner` is in `outer`. May say no where several patterns of `outer` together hold one of `inner`. */
export function covers(outer: ModelSet, inner: ModelSet): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return outer.includes('*');
  // A pattern matches another's text, stars taken as letters, only where it matches all that the other does.
  return inner.every((one) => outer.some((pattern) => holds(pattern, one)));
}

/**
 * The models that are in both. Never more than that; it may be fewer where a pattern with several stars meets another that
 * it neither holds nor is held by.
 */
export function common(left: ModelSet, right: ModelSet): ModelSet {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const found = new Set<string>();
  for (const one of left) for (const other of right) for (const pattern of meet(one, other)) found.add(pattern);
  return [...found];
}

function meet(one: string, other: string): readonly string[] {
  if (holds(one, other)) return [other];
  if (holds(other, one)) return [one];
  if (isGroup(one) || isGroup(other)) return [];
  const [a, b] = [one.split('*'), other.split('*')];
  if (a.length !== 2 || b.length !== 2) return [];
  const begin = longer(a[0], b[0], (long, short) => long.startsWith(short));
  const end = longer(a[1], b[1], (long, short) => long.endsWith(short));
  if (begin === undefined || end === undefined) return [];
  // Names so short that what they begin with is a part of what they end with.
  const short: string[] = [];
  for (let shared = 1; shared <= Math.min(begin.length, end.length); shared++) {
    if (begin.endsWith(end.slice(0, shared))) short.push(begin + end.slice(shared));
  }
  return [`${begin}*${end}`, ...short.filter((name) => matchesPattern(one, name) && matchesPattern(other, name))];
}

function longer(one = '', other = '', fits: (long: string, short: string) => boolean): string | undefined {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return fits(long, short) ? long : undefined;
}

/** Whether every model of the second is one of the first. What a group holds is not known here: only itself, and all, hold it. */
function holds(pattern: string, other: string): boolean {
  if (isGroup(pattern) || isGroup(other)) return pattern === other || pattern === '*';
  return matchesPattern(pattern, other);
}

const isGroup = (text: string): boolean => text.startsWith(GROUP_MARK);
