/** Sets a plugin up in a thread of its own: its taps are taps of the gateway that ask the thread. */
import { pathToFileURL } from 'node:url';
import type { Attempt, AttemptOutcome } from '../attempt.ts';
import type { NormalPlugin } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { describeOrigin } from '../kernel/position.ts';
import type { SetupContext } from '../plugin.ts';
import type { Route, Target } from '../route.ts';
import { sentError } from '../workers/failure.ts';
import type { IsolationLimits } from './limits.ts';
import { ThreadHost } from './host.ts';
import type { HookAnswer, HookCall, HookParts, TapNote } from './protocol.ts';
import { RemoteReplies } from './remote-reply.ts';
import { attemptView, exchangeView, outcomeView } from './view.ts';

/** Registers the taps of the plugin; starts its thread. Throws what its setup throws. */
export async function setUpIsolated(
  plugin: NormalPlugin,
  context: SetupContext,
  limits: IsolationLimits,
): Promise<void> {
  const { file, id } = plugin;
  const who = `Plugin "${id}" (${describeOrigin(plugin)})`;
  if (file === undefined) {
    throw new GatewayError('GW_PLUGIN_CONTRACT', `${who} cannot be isolated: it was given as a value.`, {
      help: 'Name its package or its file.',
    });
  }
  const { provides = [], uses = [] } = plugin.plugin;
  const services = [...provides, ...uses];
  if (services.length > 0) {
    const names = services.map((name) => `"${name}"`).join(', ');
    throw new GatewayError('GW_PLUGIN_CONTRACT', `${who} cannot be isolated: it provides or uses ${names}.`, {
      help: 'Services are not for isolated plugins. Take `isolate` off its entry, if you trust it.',
    });
  }
  const { clock, log, dry } = context;
  const replies = new RemoteReplies((name, call) => host.tell(name, call));
  const host = new ThreadHost({
    start: { url: pathToFileURL(file).href, id, options: plugin.options, dry, models: context.models() },
    limits,
    clock,
    logger: log,
    who,
    flow: (name, value) => replies.take(name, value),
    gone: (error) => replies.gone(error),
  });
  context.onDispose(() => host.close());
  const note = await host.start();
  for (const tap of note.taps) register(tap, context, new ThreadTap(host, replies, tap));
  if (note.hasReady) context.onReady(() => host.call('ready'));
  context.onServe(() => void host.call('serve').catch((error: Error) => log.error(error.message)));
  context.onDrain(() => host.call('drain'));
  context.onDispose(() => host.call<void>('dispose').catch((error: Error) => log.error(error.message)));
}

let calls = 0;

/** Runs one tap in the thread. */
class ThreadTap {
  readonly #host: ThreadHost;
  readonly #replies: RemoteReplies;
  readonly #tap: number;

  constructor(host: ThreadHost, replies: RemoteReplies, { number }: TapNote) {
    this.#host = host;
    this.#replies = replies;
    this.#tap = number;
  }

  /** Where the answer is a reply in bytes, they flow from the thread. */
  async ask({ subject, exchange, attempt }: HookParts, owner?: Pick<Exchange, 'onAbort'>): Promise<unknown> {
    const call = ++calls;
    const unlisten = owner?.onAbort((reason) => this.#host.tell('abort', { call, reason: sentError(reason) }));
    try {
      const asked: HookCall = [this.#tap, call, subject, exchange, attempt];
      const answer = await this.#host.call<HookAnswer>('hook', ...asked);
      if (answer === undefined) return subject;
      return 'head' in answer ? this.#replies.open(call, answer.head) : answer.value;
    } finally {
      unlisten?.();
    }
  }
}

function register(note: TapNote, { hooks, log }: SetupContext, asked: ThreadTap): void {
  const { operations = [], provider, serves = {}, ...rest } = note;
  const options = { ...rest, ...(note.operations !== undefined && { operations }) };
  const onSubject = (subject: unknown, exchange: Exchange): Promise<never> =>
    asked.ask({ subject, exchange: exchangeView(exchange) }, exchange) as Promise<never>;
  switch (note.hook) {
    case 'auth':
      hooks.auth.tap((one) => asked.ask({ exchange: exchangeView(one) }, one) as Promise<never>, options);
      return;
    case 'route':
      hooks.route.tap((route, exchange) => chosen(route, onSubject(plain(route), exchange)), options);
      return;
    case 'transform.request':
      for (const operation of operations) hooks.transform.request.tap(operation, onSubject, options);
      return;
    case 'transform.response':
      for (const operation of operations) hooks.transform.response.tap(operation, onSubject, options);
      return;
    case 'call.answer':
      for (const operation of operations) {
        const ask = (subject: unknown, exchange: Exchange): Promise<never> =>
          asked.ask({ subject, exchange: exchangeView(exchange) }, exchange) as Promise<never>;
        hooks.call.answer.tap(operation, ask, options);
      }
      return;
    case 'call': {
      const call = (attempt: Attempt, exchange: Exchange): Promise<never> =>
        asked.ask({ attempt: attemptView(attempt), exchange: exchangeView(exchange) }, attempt) as Promise<never>;
      hooks.call.tap(call, { operations: serves, ...(provider !== undefined && { provider }) });
      return;
    }
    case 'meter.settle':
      hooks.meter.settle.tap(async (outcome: AttemptOutcome, attempt, exchange) => {
        const views = { attempt: attemptView(attempt), exchange: exchangeView(exchange) };
        await asked.ask({ subject: outcomeView(outcome), ...views });
      }, options);
      return;
    case 'log':
      hooks.log.tap((record) => {
        asked.ask({ subject: record }).catch((error: Error) => log.error(error.message));
      }, options);
      return;
    default:
      throw new GatewayError('GW_PLUGIN_CONTRACT', `An isolated plugin cannot use the hook ${note.hook}.`);
  }
}

/** What of a route can be sent to a thread. */
function plain({ targets, hedge }: Route): Route {
  return { targets, ...(hedge !== undefined && { hedge }) };
}

/** The thread has copies: what it chose is told apart by place and name. */
async function chosen(offered: Route, answer: Promise<Route | undefined>): Promise<Route> {
  const route = await answer;
  if (route === undefined || !Array.isArray(route.targets)) return route as never;
  const left = [...offered.targets];
  const targets = (route.targets as readonly Target[]).map((copy) => {
    const at = left.findIndex(({ id, of }) => id === copy.id && of === copy.of);
    return at < 0 ? copy : (left.splice(at, 1)[0] ?? copy);
  });
  return { ...route, targets };
}
