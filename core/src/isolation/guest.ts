/** The thread of an isolated plugin: loads it, sets it up, and runs its taps when the gateway asks. */
import { workerData, type MessagePort } from 'node:worker_threads';
import { Abort } from '../abort.ts';
import { exportedPlugin, importModule } from '../config/plugin-module.ts';
import { deepFreeze } from '../pipeline/freeze.ts';
import { isNeutralReply, type Reply, type ReplyBody } from '../reply.ts';
import { Channel } from '../workers/channel.ts';
import { receivedError, sentError } from '../workers/failure.ts';
import { GuestContext } from './guest-context.ts';
import { guestAttempt, guestExchange } from './guest-exchange.ts';
import { holdToHosts, hostsIn } from './guest-network.ts';
import type {
  GuestNotices,
  GuestStart,
  HookAnswer,
  HookCall,
  HostNotices,
  OutcomeView,
  SetupNote,
} from './protocol.ts';
import { bytesAlone } from './view.ts';

const { port, start } = workerData as { readonly port: MessagePort; readonly start: GuestStart };

/** What of a call may still be spoken of. */
interface Running {
  readonly abort: Abort;
  body: ReplyBody | undefined;
}

const running = new Map<number, Running>();
const tell = <N extends keyof GuestNotices>(name: N, value: GuestNotices[N]): void => channel.tell(name, value);

const guest = new GuestContext(start, (level, message, fields) => {
  tell('log', { level, message, ...(fields !== undefined && { fields: plain(fields) }) });
});

const ANSWERS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  setup,
  hook,
  ready: () => inTurn(guest.ready),
  serve: () => inTurn(guest.serve),
  drain: () => inTurn(guest.drain),
  dispose: () => inTurn(guest.dispose.toReversed()),
};

const NOTICES: { readonly [N in keyof HostNotices]: (value: HostNotices[N]) => void } = {
  ping: (number) => tell('pong', number),
  abort: ({ call, reason }) => running.get(call)?.abort.abort(receivedError(reason)),
  pipe: (call) => flow(call),
  pause: (call) => running.get(call)?.body?.pause(),
  resume: (call) => running.get(call)?.body?.resume(),
  cancel: (call) => {
    running.get(call)?.body?.cancel();
    running.delete(call);
  },
};

const channel = new Channel({
  send: (parcel) => port.postMessage(parcel),
  answer: (name, args) => (ANSWERS[name] as (...args: readonly unknown[]) => unknown)(...args),
  notice: (name, value) => NOTICES[name as keyof HostNotices](value as never),
});
port.on('message', (message) => channel.receive(message));

async function setup(): Promise<SetupNote> {
  const plugin = exportedPlugin(await importModule(start.url));
  // It was there when the configuration was read.
  if (plugin === undefined) throw new Error('its module has no plugin any more');
  const { network } = plugin.supports ?? {};
  if (network !== undefined) {
    holdToHosts([...network, ...hostsIn(start.options)], start.id, (message) =>
      tell('log', { level: 'error', message }),
    );
  }
  // Loading may take its time. From here on the plugin itself is at work, and must let others be heard.
  tell('loaded', 0);
  channel.flush();
  await plugin.setup(guest.context, start.options as never);
  return guest.seal();
}

async function inTurn(tasks: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const task of tasks) await task();
}

async function hook(...asked: HookCall): Promise<HookAnswer> {
  const [tap, call, subject] = asked;
  const { fn, hook: name = '' } = guest.fns.get(tap) ?? {};
  if (fn === undefined) throw new Error(`There is no tap ${tap}.`);
  const abort = new Abort();
  running.set(call, { abort, body: undefined });
  let flows = false;
  try {
    const isFrozen = name.startsWith('transform.');
    if (isFrozen) deepFreeze(subject);
    const result = await (fn as (...args: unknown[]) => unknown)(...argumentsOf(name, asked, abort));
    // What was left as it is need not travel, nor be written anew for the provider or the client.
    if (isFrozen && result === subject) return undefined;
    if (name !== 'call' && name !== 'call.answer') return { value: result };
    const reply = result as Reply | undefined;
    if (reply === undefined || reply === null || isNeutralReply(reply)) return { value: reply };
    const entry = running.get(call);
    if (entry === undefined) throw new Error('The call was over before it answered.');
    entry.body = reply.body;
    flows = true;
    return { head: { status: reply.status, headers: { ...reply.headers } } };
  } finally {
    if (!flows) running.delete(call);
  }
}

/** As the hook's own signature has them. */
function argumentsOf(name: string, [, , subject, view, tried]: HookCall, abort: Abort): unknown[] {
  if (name === 'log') return [subject];
  const exchange = view === undefined ? undefined : guestExchange(view, abort);
  const attempt = tried === undefined || exchange === undefined ? undefined : guestAttempt(tried, exchange, abort);
  switch (name) {
    case 'auth':
      return [exchange];
    case 'call':
      return [attempt, exchange];
    case 'meter.settle': {
      const { error, ...outcome } = subject as OutcomeView;
      return [error === undefined ? outcome : { ...outcome, error: receivedError(error) }, attempt, exchange];
    }
    default:
      return [subject, exchange];
  }
}

/** Lets the bytes of a reply flow to the gateway. */
function flow(call: number): void {
  running.get(call)?.body?.pipe({
    data: (chunk) => tell('data', { call, chunk: bytesAlone(chunk) }),
    end: () => {
      running.delete(call);
      tell('end', call);
    },
    error: (error) => {
      running.delete(call);
      tell('error', { call, error: sentError(error) });
    },
  });
}

/** Fields of a log line may hold anything; what cannot be sent is told as text. */
function plain(fields: unknown): unknown {
  try {
    return structuredClone(fields);
  } catch {
    return { fields: String(fields) };
  }
}
