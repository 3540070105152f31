/** Puts environment variables into the strings of a configuration. */
import { isPlugin } from '../plugin.ts';
import type { Environment } from './condition.ts';
import { isRecord, pathText, type Path } from './path.ts';
import type { Fault } from './problems.ts';

export interface Expanded {
  readonly value: unknown;
  /** The paths of strings that a variable was put into: their numbers arrive as text. */
  readonly filled: ReadonlySet<string>;
  /** The paths of strings that could not be completed. */
  readonly broken: ReadonlySet<string>;
}

/** A variable that is wanted and not there, or an expansion that cannot be read. */
export type ExpansionFault = Fault & { readonly variable?: string };

const EXPANSION = /\$\$\{|\$\{([^}]*)(\}?)/g;
const BODY = /^env:([A-Za-z_]\w*)(?::-(.*))?$/s;

/** A copy of the value in which `${env:X}`, `${env:X:-default}` and the escape `$${` are replaced in every string. */
export function expand(
  value: unknown,
  env: Environment,
  report: (path: Path, fault: ExpansionFault) => void,
): Expanded {
  const filled = new Set<string>();
  const broken = new Set<string>();
  const open = new Set<unknown>();
  const text = (part: string, path: Path): string => {
    const faults: ExpansionFault[] = [];
    const result = expandText(part, env, faults);
    (faults.length > 0 ? broken : filled).add(pathText(path));
    for (const fault of faults) report(path, fault);
    return result;
  };
  // What has no string to change stays the very same object: a program may have put anything into its options.
  const walk = (part: unknown, path: Path): unknown => {
    if (typeof part === 'string') return part.includes('${') ? text(part, path) : part;
    const list = Array.isArray(part);
    if (!(list || isRecord(part)) || isPlugin(part) || open.has(part)) return part;
    open.add(part);
    const entries = list ? [...part.entries()] : Object.entries(part);
    const walked = entries.map(([key, entry]) => [key, walk(entry, [...path, key])] as const);
    open.delete(part);
    if (walked.every(([, entry], index) => entry === entries[index]?.[1])) return part;
    return list ? walked.map(([, entry]) => entry) : Object.fromEntries(walked);
  };
  return { value: walk(value, []), filled, broken };
}

function expandText(text: string, env: Environment, faults: ExpansionFault[]): string {
  return text.replaceAll(EXPANSION, (whole, body: string | undefined, end: string | undefined) => {
    if (body === undefined) return '${';
    const [, variable, fallback] = BODY.exec(body) ?? [];
    if (end === '') {
      faults.push({ message: '"${" has no "}"', help: 'write "$${" for the characters themselves' });
    } else if (variable === undefined) {
      const name = /^[A-Za-z_]\w*$/.test(body) ? body : 'NAME';
      const help = `write "\${env:${name}}" for an environment variable, or "$\${" for the characters themselves`;
      faults.push({ message: '"${…}" names no environment variable', help });
    } else {
      // Set to nothing counts as not set: an empty key is never what was meant.
      const value = env[variable] || fallback;
      if (value !== undefined) return value;
      const state = env[variable] === undefined ? 'not set' : 'empty';
      faults.push({ message: `the environment variable ${variable} is ${state}`, variable });
    }
    return whole;
  });
}
