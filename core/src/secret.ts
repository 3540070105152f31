/** Options that must never be shown. */
import { z } from 'zod';

/** A string option whose value no output of the gateway may show. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ secret: true });
}

/** Whether a schema was made by {@link secret}, looking through optional and default wrappers. */
export function isSecret(schema: z.ZodType): boolean {
  if (schema.meta()?.['secret'] === true) return true;
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  return inner !== undefined && isSecret(inner);
}
