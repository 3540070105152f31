/** Finds the deprecated options that a configuration uses. */
import type { z } from 'zod';
import { deprecationOf, deprecationText } from '../deprecation.ts';
import type { Problem } from './normal.ts';
import { isRecord, pathText, valueAt, type Path } from './path.ts';
import type { Checking } from './check.ts';

type Schema = z.ZodType;

/** The parts of zod's definitions that hold other schemas. */
interface Inner {
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly in?: Schema;
}

/** A notice for each deprecated option of the plugin that is given under `at`, by its place. */
export function deprecatedOptions(schema: Schema, at: Path, checking: Checking, plugin: string): Problem[] {
  const found = new Map<string, Problem>();
  const look = (part: Schema, path: Path): void => {
    const value = valueAt(checking.expanded.value, path);
    if (value === undefined) return;
    const said = deprecationOf(part);
    if (said !== undefined) {
      const message = `the option "${pathText(path.slice(at.length))}" ${deprecationText(said)}`;
      const position = checking.source.position(path, 'key');
      found.set(pathText(path), { position, plugin, message, help: `use ${said.instead} instead` });
    }
    for (const [inner, more] of partsOf(part, value)) look(inner, [...path, ...more]);
  };
  look(schema, at);
  return [...found.values()];
}

/** The schemas inside one, each with the steps that lead to what it describes. */
function partsOf(schema: Schema, value: unknown): (readonly [Schema, Path])[] {
  const def = schema.def as Inner;
  const same = [def.innerType, def.in, def.left, def.right, ...(def.options ?? [])];
  const parts: (readonly [Schema, Path])[] = same.flatMap((inner) => (inner === undefined ? [] : [[inner, []]]));
  if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      const inner = def.shape?.[key] ?? def.valueType;
      if (inner !== undefined) parts.push([inner, [key]]);
    }
  }
  if (Array.isArray(value) && def.element !== undefined) {
    for (const index of value.keys()) parts.push([def.element, [index]]);
  }
  return parts;
}
