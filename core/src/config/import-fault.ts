/** Explains why a file of somebody else's could not be imported. */
import { fileURLToPath } from 'node:url';
import type { Fault } from './problems.ts';

const ERASABLE =
  'Node runs TypeScript by erasing its types: write it without enum, namespace and parameter properties, or build it';

/** What an error of `import()` means. `what` is the plugin or file as the configuration names it. */
export function importFault(error: unknown, what: string): Fault {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const first = (message.split('\n')[0] ?? '').trim().replaceAll('file://', '');
  const place = placeOf(error);
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return { message: `${what} uses TypeScript that Node cannot run: ${first}${place}`, help: ERASABLE };
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return {
        message: `${what} imports TypeScript from node_modules: ${first}`,
        help: 'packages must ship JavaScript',
      };
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return { message: `${what} is of a kind that Node cannot import: ${first}`, help: 'use .ts, .js or .mjs' };
    case 'ERR_MODULE_NOT_FOUND': {
      const missing = /Cannot find package '([^']+)'/.exec(first)?.[1];
      return {
        message: `${what} imports something that is not there: ${first}`,
        ...(missing !== undefined && !missing.startsWith('/') && { help: `npm install ${missing}` }),
      };
    }
    default:
      break;
  }
  if (error instanceof Error && error.name === 'SyntaxError') {
    // Node checks TypeScript's own syntax before; what is left and not JavaScript is nearly always a decorator.
    const decorator = /\.[mc]?ts$/.test(what) && first === 'Invalid or unexpected token';
    const help = 'Node cannot run decorators, if there are any: write it without, or build it';
    return { message: `${what} has a syntax error: ${first}${place}`, ...(decorator && { help }) };
  }
  return { message: `${what} threw an error while it was imported: ${first}${place}` };
}

/** ` (file:line)`: the first line of a syntax error's stack, or the first frame that is in a file. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  const head = /^((?:file:\/\/)?\/[^\n]*?):(\d+)\n/.exec(stack);
  const frame = head ?? /\n\s+at (?:[^\n]*\()?(file:\/\/[^\n]*?|\/[^\n]*?):(\d+):\d+/.exec(stack);
  if (!frame) return '';
  const [, file = '', line = ''] = frame;
  const path = file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file;
  return ` (${path}:${line})`;
}
