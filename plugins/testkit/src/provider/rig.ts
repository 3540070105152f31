/** A provider plugin set up by itself: what it registers, and a way to send attempts through it. */
import type {
  Attempt,
  Clock,
  Exchange,
  Plugin,
  ProviderOptions,
  Reply,
  SetupContext,
  WireReply,
} from '@gatewright/core';
import { isNeutralReply, silentLogger, systemClock } from '@gatewright/core';
import { attemptOf, type AttemptParts } from './attempt.ts';

type Call = (attempt: Attempt, exchange: Exchange) => Promise<Reply>;

export interface RigSetting {
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** The model of attempts that name none. Default `model`. */
  readonly model?: string;
}

export interface ProviderRig {
  /** What the provider registered. */
  readonly options: ProviderOptions;
  /** Makes an attempt and has the provider call for it. Rejects where it does, also where it throws at once. */
  send(parts?: AttemptParts): Promise<WireReply>;
  /** Closes whatever setup opened. */
  dispose(): Promise<void>;
}

/**
 * Sets a provider plugin up, with its options parsed as the kernel parses them. Rejects with whatever setup throws, with
 * zod's error where the options are no good, and with an Error where it registers no call tap, or several.
 */
export async function providerRig(plugin: Plugin, options: unknown, setting: RigSetting = {}): Promise<ProviderRig> {
  const taps: { call: Call; options: ProviderOptions }[] = [];
  const closers: (() => unknown)[] = [];
  const ready: (() => unknown)[] = [];
  const context = {
    id: plugin.id,
    clock: setting.clock ?? systemClock,
    log: silentLogger,
    hooks: { call: { tap: (call: Call, options: ProviderOptions) => taps.push({ call, options }) } },
    dialect: () => undefined,
    surface: () => undefined,
    share<T>(_key: string, open: () => T, close: (value: T) => unknown): T {
      const value = open();
      closers.push(() => close(value));
      return value;
    },
    onReady: (task: () => unknown) => ready.push(task),
    onDrain: (task: () => unknown) => closers.push(task),
    onDispose: (task: () => unknown) => closers.push(task),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(options));
  for (const task of ready) await task();
  const [tap] = taps;
  if (tap === undefined || taps.length !== 1) throw new Error(`Expected one call tap, saw ${taps.length}.`);
  return {
    options: tap.options,
    async send(parts = {}) {
      const attempt = attemptOf(plugin, tap.options, { model: setting.model ?? 'model', ...parts });
      const reply = await tap.call(attempt, attempt.exchange);
      if (isNeutralReply(reply)) throw new Error('Expected a reply in wire form.');
      return reply;
    },
    async dispose() {
      for (const close of closers.splice(0).toReversed()) await close();
    },
  };
}
