/** Finds the part of a zod schema that is responsible for a path of a value. */
import type { z } from 'zod';
import type { Path } from './path.ts';

type Schema = z.core.$ZodTypes;

/** All schemas that may be responsible: a union has several. Wrappers (optional, default, …) come before what they wrap. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  const def = (schema as Schema)._zod.def;
  const here = path.length === 0 ? [schema] : [];
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      return [...here, ...schemasAt(def.innerType, path)];
    case 'pipe':
      return [...here, ...schemasAt(def.in, path)];
    case 'lazy':
      return [...here, ...schemasAt(def.getter(), path)];
    case 'union':
      return [...here, ...def.options.flatMap((option) => schemasAt(option, path))];
    case 'intersection':
      return [...here, ...schemasAt(def.left, path), ...schemasAt(def.right, path)];
    default:
      return path.length === 0 ? here : below(schema, path);
  }
}

function below(schema: z.core.$ZodType, [step = '', ...rest]: Path): z.core.$ZodType[] {
  const def = (schema as Schema)._zod.def;
  if (def.type === 'object') {
    const field = Object.hasOwn(def.shape, step) ? def.shape[String(step)] : def.catchall;
    return field ? schemasAt(field, rest) : [];
  }
  if (def.type === 'record') return schemasAt(def.valueType, rest);
  if (def.type === 'array') return schemasAt(def.element, rest);
  return [];
}

/** The keys that an object at this path may have. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const keys = schemasAt(schema, path).flatMap((found) => {
    const def = (found as Schema)._zod.def;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}
