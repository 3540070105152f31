/** The options of a plugin that is to be added: those that were given, and those that are still missing. */
import { parse } from 'yaml';
import { z } from 'zod';
import { isRecord, valueAt } from '../../config/path.ts';
import type { Plugin } from '../../plugin.ts';
import { CommandFailure } from '../failure.ts';

export interface Option {
  /** `pool.size` is `['pool', 'size']`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly secret: boolean;
  /** What JSON Schema calls it: `string`, `integer`; `value` where there are several. */
  readonly type: string;
  /** The values that it can have, where there are only some. */
  readonly choices: readonly string[];
}

export type Options = Record<string, unknown>;

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly secret?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const schemaOf = (plugin: Plugin): Schema =>
  z.toJSONSchema(plugin.options, { io: 'input', unrepresentable: 'any' }) as Schema;

/** The options that must be there and are not, in the order of the schema. */
export function missingOptions(plugin: Plugin, given: Options): Option[] {
  return missingIn(schemaOf(plugin), given, []);
}

function missingIn(schema: Schema, given: unknown, path: readonly string[]): Option[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    const value = valueAt(given, [name]);
    const here = [...path, name];
    const inside = property.properties !== undefined && (value === undefined || isRecord(value));
    if (inside && (value !== undefined || required.includes(name))) return missingIn(property, value ?? {}, here);
    return value === undefined && required.includes(name) ? [optionOf(property, here)] : [];
  });
}

function optionOf(
  { type = 'value', description = '', secret = false, enum: values = [] }: Schema,
  path: readonly string[],
): Option {
  return { path, description, secret, type, choices: values.map(String) };
}

/** What `--set` says of an option. An unknown one is taken as it is: the plugin's own schema refuses it by name. */
function optionAt(plugin: Plugin, path: readonly string[]): Option {
  let schema: Schema = schemaOf(plugin);
  for (const step of path) schema = schema.properties?.[step] ?? {};
  return optionOf(schema, path);
}

/** The options of `--set name=value`. Throws a CommandFailure for one that cannot be read. */
export function givenOptions(
  plugin: Plugin,
  id: string,
  words: readonly string[],
): { options: Options; kept: string[] } {
  const options: Options = {};
  /** Names of variables that stand for secrets which were given and are not written down. */
  const kept: string[] = [];
  for (const word of words) {
    const [, name = '', text = ''] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === '') throw new CommandFailure(`--set ${word} has no value.`, 'write --set option=value');
    const option = optionAt(plugin, name.split('.'));
    const isOpen = option.secret && !text.includes('${env:');
    if (isOpen) kept.push(variableFor(id, option));
    setOption(options, option.path, isOpen ? reference(variableFor(id, option)) : valueOf(option, text));
  }
  return { options, kept };
}

/** Reads a text as the option wants it. Throws a CommandFailure where it is no value. */
export function valueOf({ type, path }: Option, text: string): unknown {
  if (type === 'string' || text.includes('${env:')) return text;
  try {
    return parse(text);
  } catch {
    throw new CommandFailure(
      `The value of ${path.join('.')} cannot be read.`,
      'write it as YAML: [a, b], { c: 1 }, 3, true',
    );
  }
}

export function setOption(options: Options, path: readonly string[], value: unknown): void {
  let at = options;
  for (const step of path.slice(0, -1)) {
    if (!isRecord(at[step])) at[step] = {};
    at = at[step] as Options;
  }
  at[path.at(-1) ?? ''] = value;
}

/** How a configuration names a variable of the environment. */
export const reference = (variable: string): string => `\${env:${variable}}`;

/** `ACME_API_KEY` for the option `apiKey` of `acme`. */
export function variableFor(id: string, { path }: Option): string {
  const words = [id, ...path].join('_').replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  return words
    .replaceAll(/\W+/g, '_')
    .replace(/^(?=\d)/, '_')
    .toUpperCase();
}
