/** Finds options that no configuration file can hold, because JSON has no word for them. */
import { z } from 'zod';
import type { Plugin } from '../plugin.ts';
import type { Fault } from './problems.ts';

/** What keeps a plugin's options from being written down, completed by editors and asked for; undefined where nothing does. */
export function inconvertible({ name, version, options }: Plugin): Fault | undefined {
  if (reasonAgainst(options) === undefined) return undefined;
  const fields = Object.entries(options.shape as Record<string, z.core.$ZodType>).map(([field, schema]) => ({
    field,
    reason: reasonAgainst(schema),
  }));
  const first = fields.find(({ reason }) => reason !== undefined);
  const which = first === undefined ? 'its options' : `its option "${first.field}"`;
  const why = first?.reason ?? reasonAgainst(options);
  return {
    message: `${name} ${version}: ${which} cannot be written in a configuration file (${why})`,
    help: `tell the author of ${name}: options are made of what JSON has: texts, numbers, true and false, lists, maps`,
  };
}

function reasonAgainst(schema: z.core.$ZodType): string | undefined {
  try {
    z.toJSONSchema(schema, { io: 'input' });
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '');
  }
}
