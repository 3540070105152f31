/** The tools of a request: functions of the client, and tools that run on the server. */
import type { FunctionTool, JsonObject, Tool } from '@gatewright/core';
import { GENERATE } from './names.ts';
import { isMissing, type Reading } from './reading.ts';
import { compact, note, omit, withRest } from './rest.ts';
import { isSchemaOf, toJsonSchema } from './schema.ts';
import type { Writing } from '@gatewright/core/wire';

/** Reads tools. Each entry may hold several functions and several tools of the server. */
export function decodeTools(value: unknown, at: Reading): Tool[] {
  const tools: Tool[] = [];
  for (const [index, entry] of at.list(value).entries()) {
    const place = at.at(index);
    const { functionDeclarations, ...others } = place.fields(entry);
    if (!isMissing(functionDeclarations)) {
      const list = place.at('functionDeclarations');
      for (const [number, declaration] of list.list(functionDeclarations).entries()) {
        tools.push(decodeFunction(declaration, list.at(number), index));
      }
    }
    if (Object.keys(others).length > 0) tools.push({ kind: 'opaque', dialect: GENERATE, value: others });
  }
  return tools;
}

function decodeFunction(value: unknown, at: Reading, entry: number): FunctionTool {
  const declaration = at.fields(value);
  const { name, description, parameters, parametersJsonSchema: schema } = declaration;
  const others = omit(declaration, 'name', 'description', 'parameters', 'parametersJsonSchema');
  const own = isMissing(parameters) ? undefined : at.at('parameters').object(parameters);
  const given = isMissing(schema) ? undefined : at.at('parametersJsonSchema').object(schema);
  return {
    kind: 'function',
    name: at.at('name').string(name),
    ...(isMissing(description) ? {} : { description: at.at('description').string(description) }),
    ...(given !== undefined ? { parameters: given } : own === undefined ? {} : { parameters: toJsonSchema(own) }),
    ...withRest(others, {
      $parameters: given === undefined ? own : undefined,
      $entry: entry === 0 ? undefined : entry,
    }),
  };
}

/** Writes tools. Functions that stood in one entry stand in one again; those of another dialect share one. */
export function encodeTools(tools: readonly Tool[], at: Writing): JsonObject[] {
  const entries: JsonObject[] = [];
  const groups = new Map<unknown, JsonObject[]>();
  for (const [index, tool] of tools.entries()) {
    if (tool.kind === 'opaque') {
      if (tool.dialect === GENERATE) entries.push(tool.value);
      else at.at(index).unsupported(`Only the dialect ${tool.dialect} has this tool.`);
      continue;
    }
    const key = note(tool.rest, '$entry') ?? 0;
    let group = groups.get(key);
    if (group === undefined) {
      group = [];
      groups.set(key, group);
      entries.push({ functionDeclarations: group });
    }
    group.push(encodeFunction(tool, at.at(index)));
  }
  return entries;
}

function encodeFunction(tool: FunctionTool, at: Writing): JsonObject {
  if (tool.cache !== undefined) at.warn('Cache marks of other dialects are left out: prompts are cached without them.');
  // The API has no strict mode; it validates calls where the tool choice says so.
  if (tool.strict === true) at.at('strict').warn('This dialect has no strict functions.');
  const { parameters } = tool;
  const original = note(tool.rest, '$parameters');
  const known = compact({
    name: tool.name,
    description: tool.description,
    ...(isSchemaOf(parameters, original) ? { parameters: original } : { parametersJsonSchema: parameters }),
  });
  return at.complete(known, tool.rest);
}
