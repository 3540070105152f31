/** Takes out of a configuration what its `if:` conditions switch off. */
import { judgeCondition, type Environment } from './condition.ts';
import type { Problem, SkippedEntry } from './normal.ts';
import { isRecord, type Path } from './path.ts';
import type { Source } from './source.ts';

export interface Switched {
  /** The configuration with holes (undefined) where entries are switched off, so that all others keep their paths. */
  readonly value: unknown;
  readonly skipped: readonly SkippedEntry[];
}

/** Judges the conditions of plugins, models and targets. A condition that cannot be read is a problem. */
export function switchOff(source: Source, env: Environment, problems: Problem[]): Switched {
  const skipped: SkippedEntry[] = [];
  const skip = (what: string, condition: string, path: Path): undefined => {
    skipped.push({ what, condition, position: source.position(path, 'key') });
  };
  const keep = (entry: unknown, path: Path, what: () => string): unknown => {
    const condition = isRecord(entry) ? entry['if'] : undefined;
    if (condition === false) return skip(what(), 'false', path);
    if (typeof condition !== 'string') return entry;
    const verdict = judgeCondition(condition, env);
    if (verdict === true) return entry;
    if (verdict === false) return skip(what(), condition, path);
    problems.push({ position: source.position([...path, 'if']), ...verdict });
    return undefined;
  };
  const keepModel = (name: string, written: unknown): unknown => {
    const path = ['models', name];
    const model = keep(written, path, () => `model ${name}`);
    const targets: unknown = isRecord(model) ? model['targets'] : undefined;
    if (!isRecord(model) || !Array.isArray(targets) || targets.length === 0) return model;
    const kept = targets.map((target: unknown, index) =>
      keep(target, [...path, 'targets', index], () => `target ${targetName(target)} of model ${name}`),
    );
    if (kept.some((target) => target !== undefined)) return { ...model, targets: kept };
    return skip(`model ${name}`, 'all its targets are switched off', path);
  };
  const { value } = source;
  if (!isRecord(value)) return { value, skipped };
  // `x-…` holds anchors that are used elsewhere.
  const changed = Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));
  const { plugins, models } = value;
  if (Array.isArray(plugins)) {
    changed['plugins'] = plugins.map((entry: unknown, index) =>
      keep(entry, ['plugins', index], () => `plugin ${pluginName(entry) ?? '(inline)'}`),
    );
  }
  if (isRecord(models)) {
    changed['models'] = Object.fromEntries(
      Object.entries(models).map(([name, model]) => [name, keepModel(name, model)]),
    );
  }
  return { value: changed, skipped };
}

/** What a plugin entry is called before its plugin is loaded: its id, or what it says in `use`. */
export function pluginName(entry: unknown): string | undefined {
  if (!isRecord(entry)) return undefined;
  if (typeof entry['id'] === 'string') return entry['id'];
  if (typeof entry['use'] === 'string') return entry['use'];
  const named = entry['use'] as { name?: unknown } | null | undefined;
  return typeof named?.name === 'string' ? named.name : undefined;
}

function targetName(target: unknown): string {
  if (!isRecord(target)) return String(target);
  return `${String(target['provider'])}/${String(target['model'])}`;
}
