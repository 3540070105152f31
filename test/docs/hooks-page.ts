/** The reference of the hooks, made of their types, their doc comments and what the core does with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '@gatewright/core';
import { RESULT_CHECKS, type HookName } from '../../core/src/hooks/checks.ts';
import { REVERSED } from '../../core/src/hooks/registry.ts';
import { Tap } from '../../core/src/hooks/tap.ts';
import { NOT_ISOLATED } from '../../core/src/isolation/guest-context.ts';
import { ROOT } from '../house/tree.ts';
import { membersOf, type Member } from './interfaces.ts';

export const HOOKS_PAGE = 'core/docs/hooks.md';

const POINTS = 'core/src/hooks/points.ts';
const CAPABILITIES = 'core/src/capabilities.ts';

/** When a hook runs, and what its taps are to each other. */
const COURSE: Readonly<Record<HookName, readonly [when: string, together: string]>> = {
  auth: [
    'First, once for each request of a client, before its body is read.',
    'They are asked in turn until one answers. Where none does, the request is refused; where nobody taps this hook, everyone may come in.',
  ],
  route: [
    'Once the targets of the model are known, and again for the models of `contextFallbacks` and `contentFallbacks`.',
    'Each gets what the one before it answered.',
  ],
  'transform.request': [
    'Once the body is read, before an answer is looked for.',
    'Each gets what the one before it answered.',
  ],
  'transform.event': [
    'For every event of a streamed answer, on its way to the client.',
    'Each gets the events that the one before it let out.',
  ],
  'transform.response': [
    'For an answer in one piece, on its way to the client.',
    'Each gets what the one before it answered.',
  ],
  'call.answer': [
    'Before targets are chosen, with the request as the transforms left it.',
    'They are asked in turn until one answers.',
  ],
  call: ['For each attempt at a target of this provider.', 'A provider has one.'],
  'meter.reserve': ['Before each attempt.', 'All are asked; their claims are reserved together, or none is.'],
  'meter.settle': ['After each attempt.', 'All run, whatever becomes of the others.'],
  log: ['Last, once for each exchange.', 'All run, whatever becomes of the others.'],
};

/** Failures of these come too late to end anything. */
const AFTERWARDS: ReadonlySet<HookName> = new Set<HookName>(['meter.settle', 'log']);

/** A hook as {@link POINTS} declares it. */
interface Declared {
  readonly name: string;
  readonly doc: string;
  /** What is written to tap it. */
  readonly tap: string;
}

/** The hooks among the members of `HookPoints`, in their order. */
function declared(members: readonly Member[], path: readonly string[] = []): Declared[] {
  return members.flatMap((member) => {
    if (member.name === 'tap') return [];
    const here = [...path, member.name];
    const name = here.join('.');
    const fn = /^: SeriesPoint<(.*)>$/.exec(member.type)?.[1];
    if (fn !== undefined) return [{ name, doc: member.doc, tap: `hooks.${name}.tap(fn: ${fn}, options?)` }];
    const tap = member.members.find((one) => one.name === 'tap');
    const own = tap === undefined ? [] : [{ name, doc: tap.doc || member.doc, tap: `hooks.${name}.tap${tap.type}` }];
    return [...own, ...declared(member.members, here)];
  });
}

const isHook = (name: string): name is HookName => name in RESULT_CHECKS;

/** The whole page. */
export function hooksPage(): string {
  const points = readFileSync(join(ROOT, POINTS), 'utf8');
  const capabilities = readFileSync(join(ROOT, CAPABILITIES), 'utf8');
  const hooks = declared(membersOf(points, 'HookPoints'));
  const missing = Object.keys(RESULT_CHECKS).filter((name) => !hooks.some((hook) => hook.name === name));
  if (missing.length > 0) throw new Error(`${POINTS} does not declare ${missing.join(', ')}.`);
  const table = (name: string, source = points): string => fieldTable(membersOf(source, name));
  return `${INTRODUCTION}
${hooks.map(section).join('\n')}
## Options of a tap

${fieldTable([...membersOf(points, 'TapOptions'), ...membersOf(points, 'OperationTapOptions')])}

\`before\` and \`after\` are wishes for one place: one that names an unknown plugin, another band or a circle stops the start, with
the line of the configuration. \`gatewright plan\` shows the order that came of it.

## What a provider says

The options of \`call\`:

${table('ProviderOptions')}

For each operation:

${table('ProviderOperation')}

## What a stream's transformation is

The factory of \`transform.event\` answers with this; what it remembers of one stream belongs into it.

${table('EventTransform')}

## What a meter asks for

${table('MeterClaims')}

## What a plugin says of itself

Its \`supports\`. The core holds the plugin to it when it starts.

${table('Capabilities', capabilities)}
`;
}

function section({ name, doc, tap }: Declared): string {
  if (!isHook(name)) throw new Error(`${POINTS} has "${name}", which is in no table of core/src/hooks/checks.ts.`);
  const [when, together] = COURSE[name];
  const isWaitedFor = /Awaitable|Promise/.test(tap);
  const rows = [
    ['runs', when],
    ['several taps', together],
    ['order', REVERSED.has(name) ? 'the reverse of the configuration' : name === 'call' ? '' : 'of the configuration'],
    ['answers with', expected(name)],
    ['time', time(name, isWaitedFor)],
    ['a failure', failure(name)],
    ['with `onError: skip`', skipped(name)],
    ['isolated', NOT_ISOLATED.has(name) ? 'no: it is refused at the start' : 'yes; it gets copies'],
  ].filter(([, text]) => text !== '');
  const lines = rows.map((row) => `| ${row.map((text) => (text ?? '').replaceAll('|', '\\|')).join(' | ')} |`);
  return `## \`${name}\`\n\n${doc}\n\n\`${tap}\`\n\n| | |\n| --- | --- |\n${lines.join('\n')}\n`;
}

/** Found out by answering with what no hook takes. */
function expected(name: HookName): string {
  const said = RESULT_CHECKS[name](0) ?? 'nothing';
  const isOptional = RESULT_CHECKS[name](undefined) === undefined;
  return said === 'nothing' || !isOptional || said.includes('undefined') ? said : `${said}, or undefined`;
}

function time(name: HookName, isWaitedFor: boolean): string {
  if (name === 'call') return 'the `timeouts` of the target';
  if (!isWaitedFor) return 'synchronous: a promise is a failure';
  return "the entry's `timeout`, else what the tap says, else `hookTimeout`";
}

function failure(name: HookName): string {
  if (AFTERWARDS.has(name)) return 'is logged and ends nothing';
  if (name === 'call') return 'ends the attempt; where its error is `retryable`, the next one is made';
  return name === 'transform.event'
    ? 'refuses the request; once content has gone out, the stream ends with an error'
    : 'refuses the request';
}

/** Found out by trying. */
function skipped(name: HookName): string {
  const given = {};
  const plugin = { id: 'x', where: 'gatewright.yaml:1:1', onError: 'skip' as const };
  const fn = (): never => {
    throw new Error('It failed.');
  };
  const spec = {
    hook: name,
    plugin,
    fn,
    stage: 'normal' as const,
    before: [],
    after: [],
    operations: undefined,
    timeout: 0,
  };
  const clock = { monotonic: () => 0 };
  const tap = new Tap(spec, RESULT_CHECKS[name], clock as never, () => undefined);
  let outcome: unknown;
  tap.run({ trace: undefined }, given, undefined, undefined, (error, result) => (outcome = error ?? result));
  if (outcome instanceof GatewayError) return 'the same: an attempt is never skipped';
  if (outcome === given) return 'goes on with what the tap was given';
  if (outcome !== undefined) return 'leaves the stream as it is';
  return AFTERWARDS.has(name) ? 'the same' : 'goes on as if the tap had answered with undefined';
}

/** An index signature is no field to be set. */
function fieldTable(members: readonly Member[]): string {
  const rows = members
    .filter(({ name }) => !name.startsWith('['))
    .map(({ name, optional, type, doc }) => {
      const shown = type.startsWith('(') ? `${name}${type}` : name;
      return `| \`${shown}\` | ${optional ? '' : 'yes'} | ${doc.replaceAll('|', '\\|')} |`;
    });
  return ['| field | required | what it says |', '| --- | --- | --- |', ...rows].join('\n');
}

const INTRODUCTION = `# Hooks

What a plugin can tap in its \`setup\`, in this order in the life of a request:

\`\`\`text
auth → transform.request → call.answer → route → (meter.reserve → call → meter.settle)* → transform.event or .response → log
\`\`\`

The part in brackets is an attempt: it is made again where a target fails and the configuration allows another. A request
that \`call.answer\` answers has no attempt.

A tap that throws an error of its own, answers with something else than the hook takes, or takes too long has *failed*: the
error names plugin, hook and the line of its entry (\`GW_PLUGIN_FAILED\`, \`GW_PLUGIN_RESULT\`, \`GW_PLUGIN_TIMEOUT\`). A
\`GatewayError\` that it throws on purpose is no failure but what it has to say, and is never skipped.

An operator can say three things on the entry of any plugin: \`onError\`, \`timeout\` and \`isolate\`; see
[the configuration](configuration.md#a-plugin). [Write a middleware](guides/middleware.md) taps two hooks in a gateway that runs.

<!-- Written by \`npm run docs\` from ${POINTS} and what the core does with its hooks: edit there. -->
`;
