/** Checks a part of a configuration against a schema, with every problem put in its place. */
import type { z } from 'zod';
import type { Expanded } from './expand.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './normal.ts';
import { pathText, valueAt, type Path } from './path.ts';
import type { Fault } from './problems.ts';
import { keysAt, schemasAt } from './schema-path.ts';
import type { Source } from './source.ts';
import { kindNamed, UNION, wording } from './wording.ts';

type Issue = z.core.$ZodIssue;

/** What the checks of one configuration share. */
export interface Checking {
  readonly source: Source;
  readonly expanded: Expanded;
  readonly problems: Problem[];
  /** What stops nobody: deprecated options that are used. */
  readonly notices?: Problem[];
}

/** The parsed value of what stands at `at`, or undefined when there were problems. `plugin` is whose options these are. */
export async function check<S extends z.ZodType>(
  schema: S,
  at: Path,
  { source, expanded, problems }: Checking,
  plugin?: string,
): Promise<z.output<S> | undefined> {
  const value = valueAt(expanded.value, at) ?? {};
  let result = await parse(schema, value);
  if ('issues' in result && readTexts(result.issues, value, at, expanded)) result = await parse(schema, value);
  if ('data' in result) return result.data;
  for (const issue of result.issues) {
    const path = [...at, ...issue.path];
    if (expanded.broken.has(pathText(path))) continue;
    const report = (where: Path, part: 'key' | 'value', fault: Fault): void => {
      problems.push({ position: source.position(where, part), ...fault, ...(plugin !== undefined && { plugin }) });
    };
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path);
      for (const key of issue.keys) report([...path, key], 'key', unknownKey(key, known));
    } else {
      report(path, issue.code === 'invalid_key' ? 'key' : 'value', described(issue, schema));
    }
  }
  return undefined;
}

async function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
): Promise<{ readonly data: z.output<S> } | { readonly issues: readonly Issue[] }> {
  const result = await schema.safeParseAsync(value, { error: wording });
  if (result.success) return { data: result.data };
  return { issues: result.error.issues.flatMap((issue) => branches(issue, value)) };
}

/** Environment variables are text; where the schema wants a number or a boolean, the text is read as one. */
function readTexts(issues: readonly Issue[], value: unknown, at: Path, expanded: Expanded): boolean {
  let changed = false;
  for (const issue of issues) {
    const text = valueAt(value, issue.path);
    if (typeof text !== 'string' || !expanded.filled.has(pathText([...at, ...issue.path]))) continue;
    const key = issue.path.at(-1);
    const parent = valueAt(value, issue.path.slice(0, -1));
    const read = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text === 'true' ? true : text === 'false' ? false : text;
    if (read === text || key === undefined) continue;
    (parent as Record<PropertyKey, unknown>)[key] = read;
    changed = true;
  }
  return changed;
}

/** A choice between schemas fails with the problems of all of them: what is told are those of the one that was meant. */
function branches(issue: Issue, value: unknown): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== UNION) return [issue];
  const wrongKind = (branch: readonly Issue[]): boolean =>
    branch.some((part) => part.code === 'invalid_type' && part.path.length === 0);
  const meant = issue.errors.filter((branch) => !wrongKind(branch)).sort((a, b) => a.length - b.length)[0];
  if (meant) {
    return meant.flatMap((part) =>
      branches(part, valueAt(value, issue.path)).map((found) =>
        Object.assign(found, { path: [...issue.path, ...found.path] }),
      ),
    );
  }
  const kinds = issue.errors.flatMap((branch) =>
    branch.map((part) => (part.code === 'invalid_type' ? kindNamed(part.expected) : 'something else')),
  );
  const message = kinds.length === 0 ? 'is not valid' : `must be ${[...new Set(kinds)].join(' or ')}`;
  return [{ ...issue, message }];
}

function unknownKey(key: string, known: readonly string[]): Fault {
  const meant = nearest(key, known);
  const message = `unknown key "${key}"`;
  if (meant !== undefined) return { message, help: `did you mean "${meant}"?` };
  if (known.length === 0) return { message };
  return { message, help: `known keys: ${known.join(', ')}` };
}

function described(issue: Issue, schema: z.ZodType): Fault {
  const found = schemasAt(schema, issue.path) as z.ZodType[];
  const description = found.map((part) => part.meta()?.description).find((text) => text !== undefined);
  return { message: issue.message, ...(description !== undefined && { help: description }) };
}
