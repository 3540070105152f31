/** Brings the models of a configuration into the normal form. */
import type { z } from 'zod';
import type { Checking } from './check.ts';
import { failurePlan, nearestSettings } from './call-settings.ts';
import { given } from './given.ts';
import { nearest } from './nearest.ts';
import type { NormalModel, NormalTarget } from './normal.ts';
import { pathText, valueAt, type Path } from './path.ts';
import type { Fault } from './problems.ts';
import { SETTINGS, type gatewaySchema } from './schema.ts';
import type { SettingsByPlace } from './settings-of-plugins.ts';
import type { Source } from './source.ts';

type Whole = z.output<typeof gatewaySchema>;
type Model = NonNullable<Whole['models'][string]>;
type Settings = Pick<Whole, 'unsupported' | 'reports' | 'rescue' | 'onClientGone' | 'keepAlive'>;

/** Refuses models without targets, and fallbacks that lead nowhere or round in a circle; of all models, also those that have other problems. */
export function checkModels({ source, expanded, problems }: Checking): void {
  const known = Object.keys(valueAt(source.value, ['models']) ?? {});
  const report = (path: Path, fault: Fault): void => void problems.push({ position: source.position(path), ...fault });
  reportDoubleNames(expanded.value, known, report);
  const done = new Set<string>();
  const follow = (name: string, trail: readonly string[]): void => {
    done.add(name);
    const fallbacks = valueAt(expanded.value, ['models', name, 'fallbacks']);
    if (!Array.isArray(fallbacks)) return;
    for (const [index, next] of (fallbacks as unknown[]).entries()) {
      if (typeof next !== 'string') continue;
      const path = ['models', name, 'fallbacks', index];
      const circle = [...trail, name].indexOf(next);
      if (next === name) report(path, { message: 'a model cannot be its own fallback', help: 'remove this entry' });
      else if (circle >= 0) {
        const names = [...trail, name, next].slice(circle).join(' → ');
        report(path, {
          message: `the fallbacks go round in a circle: ${names}`,
          help: 'remove one of these fallbacks',
        });
      } else if (!known.includes(next)) report(path, unknownModel(next, known));
      else if (!done.has(next)) follow(next, [...trail, name]);
    }
  };
  for (const name of known) {
    reportSpares(expanded.value, name, known, report);
    const targets = ['models', name, 'targets'];
    const value = valueAt(expanded.value, targets);
    if (Array.isArray(value) && value.length === 0) {
      report(targets, { message: 'is empty', help: 'add a target: "provider/model"' });
    }
    // The schema leaves this one out in silence.
    if (name === '__proto__') report(['models', name], { message: 'no model can have this name' });
    if (!done.has(name)) follow(name, []);
  }
}

/** Spare models are looked up once, for one failure: a circle among them ends by itself. */
function reportSpares(
  value: unknown,
  name: string,
  known: readonly string[],
  report: (path: Path, fault: Fault) => void,
): void {
  for (const list of ['contextFallbacks', 'contentFallbacks']) {
    const spares = valueAt(value, ['models', name, list]);
    if (!Array.isArray(spares)) continue;
    for (const [index, spare] of (spares as unknown[]).entries()) {
      if (typeof spare !== 'string') continue;
      const path = ['models', name, list, index];
      if (spare === name) report(path, { message: 'a model cannot be its own fallback', help: 'remove this entry' });
      else if (!known.includes(spare)) report(path, unknownModel(spare, known));
    }
  }
}

function reportDoubleNames(value: unknown, known: readonly string[], report: (path: Path, fault: Fault) => void): void {
  const owners = new Map(known.map((name) => [name, name]));
  for (const name of known) {
    const aliases = valueAt(value, ['models', name, 'aliases']);
    if (!Array.isArray(aliases)) continue;
    for (const [index, alias] of (aliases as unknown[]).entries()) {
      if (typeof alias !== 'string') continue;
      const owner = owners.get(alias);
      if (owner === undefined) owners.set(alias, name);
      else {
        const message = `"${alias}" is a name of the model "${owner}" already`;
        report(['models', name, 'aliases', index], { message, help: 'a name can stand for one model only' });
      }
    }
  }
}

function unknownModel(name: string, known: readonly string[]): Fault {
  const meant = nearest(name, known);
  const help = meant === undefined ? `the models are: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return { message: `there is no model "${name}"`, help };
}

/** The models with every setting filled in. Fallbacks that are switched off are left out. */
export function normalModels(whole: Whole, source: Source, ofPlugins: SettingsByPlace = new Map()): NormalModel[] {
  const models = Object.entries(whole.models).filter((entry): entry is [string, Model] => entry[1] !== undefined);
  const names = new Set(models.map(([name]) => name));
  const withAt = (path: Path): Pick<NormalTarget, 'with'> => {
    const found = ofPlugins.get(pathText(path));
    return found === undefined ? {} : { with: found };
  };
  return models.map(([name, model]) => ({
    name,
    aliases: model.aliases,
    groups: model.groups.length > 0 ? model.groups : undefined,
    targets: model.targets.flatMap((target, index): NormalTarget[] => {
      if (target === undefined) return [];
      const own = 'weight' in target ? target : {};
      const { unsupported, reports, rescue, onClientGone, keepAlive } = {
        ...SETTINGS,
        ...given<Settings>(whole),
        ...given<Settings>(model),
        ...given<Settings>(own),
      };
      return [
        {
          provider: target.provider,
          model: target.model,
          weight: 'weight' in target ? target.weight : 1,
          ...nearestSettings([whole, model, own]),
          unsupported,
          reports,
          rescue,
          onClientGone,
          keepAlive,
          ...withAt(['models', name, 'targets', index]),
          position: source.position(['models', name, 'targets', index]),
        },
      ];
    }),
    fallbacks: model.fallbacks.filter((fallback) => names.has(fallback)),
    onFailure: failurePlan([whole, model], model, names),
    info: given(model.info),
    with: ofPlugins.get(pathText(['models', name])),
    position: source.position(['models', name], 'key'),
  }));
}
