/** Options that providers have in common: where an API is, with which credential, and which headers it gets. */
import { z } from 'zod';
import { secret } from '../secret.ts';

/** An option that is the address of an API, http or https, and nothing besides: a query would be dropped, a password shown. */
export function address(): z.ZodURL {
  return z.url({ protocol: /^https?$/ }).refine(isPlain, 'must have no user name, no password, no `?` and no `#`');
}

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

/** A secret option that goes out in a header: a line break in it would split the request. */
export function credential(): z.ZodString {
  return secret().regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters, without spaces or line ends');
}

/** An option that is the name of a header (RFC 9110, section 5.1). */
export function headerName(): z.ZodString {
  return z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/);
}

/** The option `headers`: names, and values as RFC 9110, section 5.5, has them. They may be secrets. */
export function moreHeaders(): z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>> {
  return z
    .record(headerName(), z.string().regex(/^[\t\x20-\x7e]*$/))
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.');
}
