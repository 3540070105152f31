/** Makes the JSON Schema of a configuration, from which editors complete and check it. */
import { z } from 'zod';
import { deprecationText, type Deprecation } from '../deprecation.ts';
import type { Plugin } from '../plugin.ts';
import { defaultId } from './plugin-module.ts';
import { gatewaySchema } from './schema.ts';
import { schemaOf } from './settings-of-plugins.ts';

/** A plugin by the name that a configuration gives it. {@link NormalPlugin} is one. */
export interface NamedPlugin {
  readonly use: string;
  readonly plugin: Plugin;
  /** The id of its instance. Default: the plugin's own. */
  readonly id?: string;
}

type Json = z.core.JSONSchema.BaseSchema;

// What stands in for a value that comes from the environment.
const EXPANSION: Json = { type: 'string', pattern: '\\$\\{env:' };

/** The schema (draft 2020-12) of the whole configuration, with the options of the plugins given, each chosen by its `use`. */
export function configSchema(plugins: readonly NamedPlugin[]): Json {
  const named = new Map(plugins.map(({ use, plugin }) => [use, plugin]));
  const schema = jsonOf(gatewaySchema);
  schema.title = 'Gatewright configuration';
  schema.patternProperties = { '^x-': { description: 'Not read: a place for anchors.' } };
  const list = schema.properties?.['plugins'] as Json;
  const entry = list.items as Json;
  const use = entry.properties?.['use'] as Json;
  use.anyOf = [...(named.size > 0 ? [{ enum: [...named.keys()] }] : []), { type: 'string', minLength: 1 }];
  entry.allOf = [...named].map(([name, plugin]) => optionsOf(name, plugin));
  const models = schema.properties?.['models'] as Json;
  const model = models.additionalProperties as Json;
  addSettings(model, plugins, 'model');
  const targets = model.properties?.['targets'] as Json;
  const target = targets.items as Json;
  for (const form of target.anyOf ?? []) addSettings(form, plugins, 'target');
  return schema;
}

/** What may stand under the `with` of a model or a target. Ids that are not known here are left to the gateway to judge. */
function addSettings({ properties }: Json, plugins: readonly NamedPlugin[], part: 'model' | 'target'): void {
  const place = properties?.['with'] as Json | undefined;
  const map = [place ?? {}, ...(place?.anyOf ?? [])].find(({ type }) => type === 'object');
  if (map === undefined) return;
  const entries = plugins.flatMap((named): [string, Json][] => {
    const { plugin, id = defaultId(plugin) } = named;
    const options = schemaOf({ plugin }, part);
    return options === undefined ? [] : [[id, inlined(jsonOf(options), `${part}/${id}`)]];
  });
  if (entries.length > 0) map.properties = Object.fromEntries(entries);
}

function optionsOf(name: string, plugin: Plugin): Json {
  const options = jsonOf(plugin.options);
  return {
    if: { properties: { use: { const: name } }, required: ['use'] },
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
    then: {
      properties: {
        with: inlined(options, name),
      },
      ...((options.required?.length ?? 0) > 0 && { required: ['with'] }),
    },
  };
}

/** References inside are relative to the nearest $id: without one they would lead to the whole configuration. */
function inlined(schema: Json, name: string): Json {
  const { $schema: _, ...options } = schema;
  if (!JSON.stringify(options).includes('"$ref"')) return options;
  return { $id: `gatewright:options/${encodeURIComponent(name)}`, ...options };
}

function jsonOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: json }) => {
      if (json['secret'] === true) {
        delete json['secret'];
        json.writeOnly = true;
      }
      sayDeprecation(json);
      allowExpansion(json);
    },
  }) as Json;
}

/** Editors strike it through, and show what to use. */
function sayDeprecation(json: Json): void {
  const said = json['deprecation'] as Deprecation | undefined;
  if (said === undefined) return;
  delete json['deprecation'];
  const text = `It ${deprecationText(said)}: use ${said.instead} instead.`;
  json.description = json.description === undefined ? text : `${json.description} ${text}`;
}

/** A value from the environment is text, which `type: integer` or a pattern would refuse. */
function allowExpansion(json: Json): void {
  const { type, description, deprecated, default: preset, ...rest } = json;
  const strict = type === 'number' || type === 'integer' || type === 'boolean' || 'enum' in rest || 'const' in rest;
  if (!strict && !(type === 'string' && ('pattern' in rest || 'format' in rest))) return;
  for (const key of Object.keys(json)) delete json[key];
  Object.assign(json, {
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...(preset !== undefined && { default: preset }),
    anyOf: [{ ...(type !== undefined && { type }), ...rest }, { ...EXPANSION }],
  });
}
