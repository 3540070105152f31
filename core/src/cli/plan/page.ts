/** A plan as a page for people. */
import { count } from '../check.ts';
import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import type { ModelPlan, Plan, RoutePlan, ServicePlan, TargetPlan } from './description.ts';
import { reasonOf, type HookPlan } from './hooks.ts';
import type { Passage, ReplyPlan } from './replies.ts';

interface Page {
  readonly colors: Colors;
  readonly width: number;
}

type Rows = readonly (readonly string[])[];

export function pageOf(plan: Plan, page: Page): string {
  const sections = [
    section(page, count(plan.plugins.length, 'plugin'), ['id', 'package', 'where', 'brings'], pluginRows(plan)),
    section(
      page,
      'switched off by "if"',
      undefined,
      plan.skipped.map((one) => [one.what, one.where, `if: ${one.condition}`]),
    ),
    section(
      page,
      'hooks, in the order they run',
      undefined,
      plan.hooks.flatMap((hook) => hookRows(hook, page)),
    ),
    section(page, 'services', undefined, plan.services.map(serviceRow)),
    section(page, 'routes', undefined, plan.routes.map(routeRow)),
    section(page, 'models', MODEL_HEAD, plan.models.flatMap(modelRows)),
    section(
      page,
      'from surface to provider',
      ['surface', 'provider', 'request', 'streamed reply', 'whole reply'],
      plan.replies.map(replyRow),
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function section({ colors, width }: Page, title: string, head: readonly string[] | undefined, rows: Rows): string[] {
  if (rows.length === 0) return [];
  const heading = head === undefined ? [] : [head.map((cell) => colors.dim(cell))];
  return [colors.bold(title), ...table([...heading, ...rows], { indent: 2, width })];
}

function pluginRows({ plugins }: Plan): Rows {
  return plugins.map((plugin) => [
    plugin.id,
    `${plugin.package} ${plugin.version}`,
    plugin.where,
    plugin.brings.join(', ') || 'nothing',
  ]);
}

function hookRows(hook: HookPlan, { colors }: Page): Rows {
  return hook.taps.map((tap, index) => [
    index === 0 ? hook.hook : '',
    `${index + 1}. ${tap.plugin}`,
    colors.dim(reasonOf(tap, hook)),
  ]);
}

function serviceRow({ name, provider, usedBy, wantedBy }: ServicePlan): readonly string[] {
  const users = usedBy.length === 0 ? 'used by nobody but the core' : `used by ${usedBy.join(', ')}`;
  if (provider !== undefined) return [name, `provided by ${provider}`, users];
  return [name, 'provided by nobody', `${wantedBy.join(', ')} would use it, and can do without`];
}

function routeRow({ method, path, surface, dialect, operation, plugin }: RoutePlan): readonly string[] {
  const leads = surface === undefined ? `served by ${plugin}` : `${operation}, ${dialect}`;
  return [method, path, leads, surface === undefined || surface === dialect ? '' : `surface ${surface}`];
}

const MODEL_HEAD = ['model', 'target', 'first', 'retries', 'connect', 'head', 'idle', 'total', ''];

function modelRows(model: ModelPlan): Rows {
  const rows = model.targets.map((target, index) => targetRow(target, index === 0 ? model.name : ''));
  const { fallbacks } = model;
  return fallbacks.length === 0 ? rows : [...rows, ['', `then the targets of ${fallbacks.join(', then ')}`]];
}

function targetRow(target: TargetPlan, name: string): readonly string[] {
  const { connect, headers, idle, total } = target.timeouts;
  const notes = [
    ...(target.unsupported === 'drop' ? ['drops what it cannot express'] : []),
    ...(target.reports === 'requested' ? ['reports the requested name'] : []),
  ];
  return [
    name,
    `${target.provider}/${target.model}`,
    target.share === 0 ? 'last' : `${Math.round(target.share * 100)} %`,
    `${target.retries}`,
    ...[connect, headers, idle, total].map(duration),
    notes.join(', '),
  ];
}

/** `10 s`, `250 ms`. */
function duration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}

function replyRow({ surface, provider, from, to, request, streamed, whole }: ReplyPlan): readonly string[] {
  return [surface, provider, passage(request, from, to), passage(streamed, to, from), passage(whole, to, from)];
}

function passage({ way, because }: Passage, from: string, to: string): string {
  const readers = because.length === 0 ? '' : ` (${because.join(', ')})`;
  switch (way) {
    case 'bytes':
      return 'bytes pass through';
    case 'rewritten':
      return `rewritten${readers}`;
    case 'translated':
      return `${from} → ${to}${readers}`;
    case 'never':
      return 'cannot be streamed';
  }
}
