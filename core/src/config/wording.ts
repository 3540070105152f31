/** Says what a schema finds wrong, in words that go with a path before them, without ever showing a value. */
import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  bigint: 'a whole number',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  map: 'a map of keys and values',
  array: 'a list',
  tuple: 'a list',
  null: 'empty',
  function: 'a function',
  date: 'a date',
};

/** What a schema error that is a choice between several is worded as; the choices are looked at one by one. */
export const UNION = '(one of several)';

/** The words for an issue; given to zod as its error map, so that a schema's own message goes first. */
export function wording(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindNamed(issue.expected)}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${quoted(issue.values[0])}`
        : `must be one of ${issue.values.map(quoted).join(', ')}`;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty';
      return `must ${bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'regex' ? 'does not have the right form' : `must be a valid ${formatNamed(issue.format)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'unknown key';
    case 'invalid_key':
      return issue.issues?.[0]?.message ?? 'this key is not allowed here';
    case 'invalid_union':
      return UNION;
    default:
      return 'is not valid';
  }
}

/** `a string`, `a list`: what a schema calls by its type name. */
export function kindNamed(name: string): string {
  return KINDS[name] ?? name;
}

/** What a value is, without telling the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'number' && Number.isNaN(value)) return 'not a number';
  return kindNamed(Array.isArray(value) ? 'array' : typeof value);
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${how} ${limit} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `have ${how} ${limit} entries`;
  return `be ${how} ${limit}`;
}

function formatNamed(format: string): string {
  return format === 'url' ? 'URL' : format;
}
