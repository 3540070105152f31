/** A plan as a page for people. */
import { plainPath, urlOf } from './address.ts';
import { FAILURE_PLAN } from '../config/call-settings.ts';
import { shownFile } from '../config/source.ts';
import { count } from '../count.ts';
import { table } from './table.ts';
import type { Colors } from './terminal.ts';
import type { Brought, ModelPlan, Plan, RoutePlan, ServicePlan, TargetPlan } from '../plan/description.ts';
import type { Placement } from '../workers/placement.ts';
import { declaredText } from './declared.ts';
import { reasonOf, type HookPlan } from '../plan/hooks.ts';
import type { Passage, ReplyPlan } from '../plan/replies.ts';
import { settingsLines } from '../plan/settings.ts';

interface Page {
  readonly colors: Colors;
  readonly width: number;
}

type Rows = readonly (readonly string[])[];

const REPLY_HEAD = ['dialect', 'provider', 'its dialect', 'request', 'streamed', 'whole'];

export function pageOf(plan: Plan, page: Page & { readonly cwd: string }): string {
  const skipped = plan.skipped.map(({ what, where, condition }) => [what, line(where), `if: ${condition}`]);
  const sections = [
    [`${page.colors.bold(titleOf(plan, page.cwd))}  listens on ${urlOf(plan.listen.host, plan.listen.port)}`],
    section(page, 'load', undefined, loadRows(plan)),
    section(page, count(plan.plugins.length, 'plugin'), ['id', 'package', '', 'brings'], pluginRows(plan)),
    section(page, 'what they say of themselves', undefined, declaredRows(plan)),
    section(page, 'processes', undefined, processRows(plan)),
    section(page, 'switched off by "if"', undefined, skipped),
    section(
      page,
      'hooks, in the order they run',
      undefined,
      plan.hooks.flatMap((hook) => hookRows(hook, page)),
    ),
    section(page, 'services', undefined, plan.services.map(serviceRow)),
    section(page, 'routes', ROUTE_HEAD, plan.routes.map(routeRow)),
    section(page, 'models', MODEL_HEAD, plan.models.flatMap(modelRows)),
    section(
      page,
      'between surfaces and providers (own bytes pass through as they are)',
      REPLY_HEAD,
      plan.replies.map(replyRow),
    ),
    section(page, 'who may rewrite them on the way', undefined, rewriterRows(plan.replies)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function titleOf({ file }: Plan, cwd: string): string {
  return file === undefined ? 'configuration' : shownFile(file, cwd);
}

function section({ colors, width }: Page, title: string, head: readonly string[] | undefined, rows: Rows): string[] {
  if (rows.length === 0) return [];
  const heading = head === undefined ? [] : [head.map((cell) => colors.dim(cell))];
  return [colors.bold(title), ...table([...heading, ...rows], { indent: 2, width })];
}

function loadRows({ load }: Plan): Rows {
  if (load === undefined) return [];
  const { concurrency, queue, wait, lag, memory } = load;
  return [
    ...(concurrency === undefined
      ? []
      : [
          [`${count(concurrency, 'request')} at once, ${queue} more may wait for ${duration(wait)}; the rest gets 503`],
        ]),
    ...(lag === undefined ? [] : [[`503 for all while the event loop is more than ${duration(lag)} late`]]),
    ...(memory === undefined ? [] : [[`503 for all while the process is larger than ${memory} bytes`]]),
  ];
}

function pluginRows({ plugins }: Plan): Rows {
  return plugins.map((plugin) => [
    plugin.id,
    `${plugin.package} ${plugin.version}`,
    line(plugin.where),
    brought(plugin.brings),
  ]);
}

/** Who says nothing of itself is left out. */
function declaredRows({ plugins }: Plan): Rows {
  return plugins.flatMap(({ id, supports = {} }) => {
    const text = declaredText(supports);
    return text === undefined ? [] : [[id, text]];
  });
}

/** Which plugins live where, when several processes serve. */
function processRows({ workers, plugins }: Plan): Rows {
  if (workers === 1) return [];
  const living = (place: Placement): string =>
    plugins.flatMap(({ id, lives }) => (lives === place ? [id] : [])).join(', ');
  const each = workers === 'auto' ? 'a worker for each processor' : count(workers, 'worker');
  const primary = living('primary');
  return [
    ['primary', primary === '' ? 'no plugin' : primary],
    [each, living('each')],
  ];
}

const KINDS = [
  ['dialects', 'dialect'],
  ['providers', 'provider'],
  ['services', 'service'],
  ['hooks', 'hook'],
  ['routes', 'route'],
] as const;

/** Surfaces are left out: the routes tell of them. */
function brought(brings: Brought): string {
  const parts = KINDS.filter(([kind]) => brings[kind].length > 0).map(([kind, one]) => {
    return `${brings[kind].length === 1 ? one : kind} ${brings[kind].join(', ')}`;
  });
  return parts.join('; ') || (brings.surfaces.length > 0 ? 'surfaces' : 'no hook, no route: it may do nothing');
}

/** `gatewright.yaml:12:5` is shortened: the file stands above. A program has no lines to tell. */
function line(where: string): string {
  const [, number] = /:(\d+):\d+$/.exec(where) ?? [];
  return number === undefined ? '' : `line ${number}`;
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

/** The path comes last: it may be longer than the line. */
function routeRow({ method, path, surface, dialect, operation, conditional, plugin }: RoutePlan): readonly string[] {
  if (surface === undefined) return [method, '', '', `${plainPath(path)} (by ${plugin})`];
  const notes = [
    ...(surface === dialect ? [] : [dialect]),
    ...(conditional === true ? ['chosen by headers or query'] : []),
  ];
  return [method, operation ?? '', surface, `${plainPath(path)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`];
}

const ROUTE_HEAD = ['', 'operation', 'surface', 'path'];
/** How long a stream may say nothing where the configuration says nothing of it, in milliseconds. */
const USUAL_CONTENT = 300_000;

const MODEL_HEAD = ['model', 'target', 'first', 'retry', 'connect', 'head', 'token', 'idle', 'total', ''];

function modelRows(model: ModelPlan): Rows {
  const rows = model.targets.map((target, index) => targetRow(target, index === 0 ? model.name : ''));
  const { aliases, fallbacks, groups = [] } = model;
  if (fallbacks.length > 0) rows.push(['', `then the targets of ${fallbacks.join(', then ')}`]);
  rows.push(...failureRows(model));
  if (aliases.length > 0) rows.push(['', `also called ${aliases.join(', ')}`]);
  if (groups.length > 0) rows.push(['', `in the groups ${groups.join(', ')}`]);
  rows.push(...settingsLines(model.with).map((line) => ['', line]));
  for (const { plugin, lines } of model.notes ?? []) {
    rows.push(...lines.map((line, index) => ['', index === 0 ? `${plugin}: ${line}` : `  ${line}`]));
  }
  return rows;
}

function failureRows({ onFailure }: ModelPlan): Rows {
  const { attempts, patience, contextFallbacks, contentFallbacks } = onFailure ?? FAILURE_PLAN;
  const isUsual = attempts === FAILURE_PLAN.attempts && patience === FAILURE_PLAN.patience;
  return [
    ...(isUsual
      ? []
      : [['', `${count(attempts, 'call')} at most for one request, which wait ${duration(patience)} at most`]]),
    ...(contextFallbacks.length > 0 ? [['', `what is too long goes to ${contextFallbacks.join(', then ')}`]] : []),
    ...(contentFallbacks.length > 0 ? [['', `what is refused goes to ${contentFallbacks.join(', then ')}`]] : []),
  ];
}

function targetRow(target: TargetPlan, name: string): readonly string[] {
  const { connect, headers, firstToken = headers, idle, total, content = total } = target.timeouts;
  const notes = [
    ...(content === USUAL_CONTENT || content >= total ? [] : [`may say nothing for ${duration(content)}`]),
    ...(target.unsupported === 'drop' ? ['drops what it cannot express'] : []),
    ...(target.reports === 'requested' ? ['reports the requested name'] : []),
    ...placesNote(target),
    ...settingsLines(target.with),
  ];
  return [
    name,
    `${target.provider}/${target.model}`,
    target.share === 0 ? 'last' : `${Math.round(target.share * 100)} %`,
    retriesText(target.retries),
    ...[connect, headers, firstToken, idle, total].map(duration),
    notes.join(', '),
  ];
}

/** `1`, or `1, server 2, timeout 1`. */
function retriesText(retries: TargetPlan['retries']): string {
  if (typeof retries === 'number') return `${retries}`;
  const unusual = Object.entries(retries).filter(([reason, count]) => count !== (reason === 'timeout' ? 0 : 1));
  return ['1', ...unusual.map(([reason, count]) => `${reason} ${count}`)].join(', ');
}

function placesNote({ concurrency, queue = 0 }: TargetPlan): string[] {
  if (concurrency === undefined) return [];
  return [`${concurrency} calls at once${queue === 0 ? '' : `, ${queue} more may wait`}`];
}

/** As configurations say it: `5m`, `90s`, `250ms`. */
function duration(milliseconds: number): string {
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

function replyRow({ from, provider, to, request, streamed, whole }: ReplyPlan): readonly string[] {
  return [from, provider, to, passage(request), passage(streamed), passage(whole)];
}

const WAYS = {
  bytes: 'own bytes',
  rewritten: 'rewritten',
  translated: 'translated',
  never: 'never',
} as const;

function passage({ way }: Passage): string {
  return WAYS[way];
}

/** Each list of plugins once, with what it is that they may rewrite. */
function rewriterRows(replies: readonly ReplyPlan[]): Rows {
  const rows = new Map<string, readonly string[]>();
  for (const { operation, ...reply } of replies) {
    for (const [part, words] of PARTS) {
      const { because } = reply[part];
      if (because.length > 0)
        rows.set(`${operation} ${part} ${because.join()}`, [operation, words, because.join(', ')]);
    }
  }
  return [...rows.values()];
}

const PARTS = [
  ['request', 'requests'],
  ['streamed', 'streamed replies'],
  ['whole', 'whole replies'],
] as const;
