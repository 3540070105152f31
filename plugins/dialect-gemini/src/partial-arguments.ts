/**
 * Arguments of a call that arrive in pieces, each with the path where it belongs: `partialArgs`, which Vertex AI sends
 * where a client asks for streamed arguments (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling).
 */
import type { JsonObject } from '@gatewright/core';
import { isObject, type Reading } from './reading.ts';

type Step = string | number;
type Container = Map<string, unknown> | unknown[];

const STEP = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** The longest list that a path may name, so that one piece cannot fill the memory. */
const LONGEST = 100_000;

export class PartialArguments {
  readonly #root = new Map<string, unknown>();

  /** Arguments that were there from the start. */
  constructor(known: JsonObject) {
    for (const [key, value] of Object.entries(known)) this.#root.set(key, value);
  }

  /** Adds a piece. Text goes on where text stands already. Throws `GW_UPSTREAM_INVALID` where its path is none. */
  add(piece: unknown, at: Reading): void {
    const { jsonPath, ...value } = at.fields(piece);
    const steps = stepsOf(at.at('jsonPath').string(jsonPath), at);
    this.#put(steps, valueOf(value));
  }

  json(): string {
    return JSON.stringify(plain(this.#root));
  }

  #put(steps: readonly Step[], value: unknown): void {
    let container: Container = this.#root;
    for (const [index, step] of steps.entries()) {
      if (index === steps.length - 1) {
        const before = get(container, step);
        set(container, step, typeof before === 'string' && typeof value === 'string' ? before + value : value);
        return;
      }
      let next = get(container, step);
      if (!(next instanceof Map) && !Array.isArray(next)) {
        next = typeof steps[index + 1] === 'number' ? [] : new Map<string, unknown>();
        set(container, step, next);
      }
      container = next as Container;
    }
  }
}

function stepsOf(path: string, at: Reading): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = path.startsWith('$') ? 1 : 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null || Number(match[2] ?? 0) > LONGEST) break;
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
    if (STEP.lastIndex === path.length) return steps;
  }
  throw at.at('jsonPath').fail(`"${path}" is no path into the arguments`);
}

function valueOf(value: JsonObject): unknown {
  for (const key of ['stringValue', 'numberValue', 'boolValue']) if (value[key] !== undefined) return value[key];
  return null;
}

function get(container: Container, step: Step): unknown {
  return Array.isArray(container) ? container[Number(step)] : container.get(String(step));
}

function set(container: Container, step: Step, value: unknown): void {
  if (Array.isArray(container)) container[Number(step)] = value;
  else container.set(String(step), value);
}

/** Maps as objects; a name like `__proto__` stays a name. */
function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...(value as Map<string, unknown>)].map(([key, one]) => [key, plain(one)]));
  }
  return Array.isArray(value) ? Array.from(value, plain) : value;
}

/** Whether a call is one whose arguments come in pieces. */
export function isPartial(call: unknown): call is JsonObject {
  return isObject(call) && (call['willContinue'] === true || call['partialArgs'] !== undefined || !('name' in call));
}
