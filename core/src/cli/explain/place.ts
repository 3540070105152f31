/** The path of a request at a surface, with the surface's parameters filled in. */
import type { Surface } from '../../dialect.ts';
import { plainPath } from '../address.ts';
import { CommandFailure } from '../failure.ts';

export interface Place {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

/** `:name` and `*name` are parameters; a backslash takes the next character as it is (https://github.com/pillarjs/path-to-regexp). */
const TOKEN = /\\(.)|([:*])(\w+)/g;

/**
 * The parameter called `model`, or the only one that there is, is the model; all others have to be given, as `name=value`.
 * Throws a CommandFailure that names the first one that was not.
 */
export function placeOf(surface: Surface, given: readonly string[], model: () => string): Place {
  const values = new Map(given.map(readParam));
  const names = [...surface.path.matchAll(TOKEN)].map(([, , , name]) => name).filter((name) => name !== undefined);
  const params: Record<string, string> = {};
  for (const name of names) {
    const value = values.get(name) ?? (name === 'model' || names.length === 1 ? model() : undefined);
    if (value === undefined) {
      const message = `The path of the surface "${surface.id}", ${plainPath(surface.path)}, has a "${name}".`;
      throw new CommandFailure(message, `say which: --param ${name}=…`);
    }
    params[name] = value;
  }
  const path = surface.path.replaceAll(TOKEN, (_token, literal: string | undefined, kind: string, name: string) => {
    if (literal !== undefined) return literal;
    const value = params[name] ?? '';
    // What a wildcard stands for may have slashes in it.
    return kind === '*' ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  return { path, params };
}

function readParam(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandFailure(`"${text}" is no parameter.`, 'write it like --param name=value');
}
