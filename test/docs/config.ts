/** Problems in the gateway configurations that documents show. */
import { formatProblems, loadConfig } from '@gatewright/core';
import { parse } from 'yaml';
import type { Block } from './blocks.ts';
import type { Workshop } from './workshop.ts';

/** Keys that a gateway's configuration may have at the top and that other YAML files hardly have. */
const KEYS = ['plugins', 'models', 'listen', 'limits'];

/** Whether a YAML block is a gateway's configuration. Throws an Error with the document's line when it is no YAML. */
export function isConfig(block: Block): boolean {
  let value: unknown;
  try {
    value = parse(block.text);
  } catch (error) {
    throw new Error(`${block.path}:${block.line} is no YAML: ${(error as Error).message}`, { cause: error });
  }
  if (Array.isArray(value) && value.some((entry) => isRecord(entry) && 'use' in entry))
    throw new Error(`${block.path}:${block.line} shows plugins without their place: begin with "plugins:".`);
  return isRecord(value) && KEYS.some((key) => key in value);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Loads a configuration as the gateway would, with every variable set that it names. Answers with what is wrong. */
export async function configProblems(block: Block, workshop: Workshop): Promise<string[]> {
  const file = workshop.add(block);
  const result = await loadConfig({ file, cwd: workshop.folder, env: environment(block.text) });
  if ('config' in result) return [];
  return result.problems.map((problem) => {
    const where = workshop.origin(file, problem.position.line ?? 1);
    const { file: _file, line: _line, column: _column, ...position } = problem.position;
    return `${where} ${formatProblems([{ ...problem, position }])}`;
  });
}

/** A made-up value for each variable that a configuration asks for without a default of its own. */
function environment(text: string): Record<string, string> {
  const names = [...text.matchAll(/\$\{env:(\w+)\}|\benv\.(\w+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return Object.fromEntries(names.map((name) => [name, madeUp(name)]));
}

function madeUp(name: string): string {
  if (name.endsWith('PORT')) return '4001';
  return name.endsWith('URL') ? 'http://127.0.0.1:9/v1' : `made-up-${name}-0123456789`;
}
