/** The typed hook points that one plugin is given; they fill in its name and refuse what the contract forbids. */
import { GatewayError } from '../errors.ts';
import type { Operation } from '../operations.ts';
import type { HookName } from './checks.ts';
import { undeclaredOperation, undeclaredTap } from './declared.ts';
import type { HookPoints, OperationTapOptions, ProviderOperation, ProviderOptions, TapOptions } from './points.ts';
import type { ProviderOperations } from './registry.ts';
import type { PluginRef, TapSpec } from './tap.ts';

type Fn = TapSpec['fn'];

/** What the facade registers into. */
export interface TapSink {
  readonly sealed: boolean;
  add(hook: HookName, plugin: PluginRef, fn: Fn, options?: OperationTapOptions): void;
  addProvider(id: string, plugin: PluginRef, fn: Fn, operations: ProviderOperations): void;
}

/** The hook points of a plugin. Every `tap` throws `GW_PLUGIN_CONTRACT` after setup, or where it is given no function. */
export function hookPoints(plugin: PluginRef, sink: TapSink): HookPoints {
  const guard = (hook: HookName, fn: unknown): void => {
    if (sink.sealed) {
      throw contractError(plugin, hook, 'taps can only be added while setup runs; the hooks are sealed');
    }
    if (typeof fn !== 'function') throw contractError(plugin, hook, `a tap must be a function, not ${typeof fn}`);
    const undeclared = undeclaredTap(plugin.supports, hook);
    if (undeclared !== undefined) throw contractError(plugin, hook, undeclared);
  };
  const guardOperation = (hook: string, operation: string): void => {
    const undeclared = undeclaredOperation(plugin.supports, operation);
    if (undeclared !== undefined) throw contractError(plugin, hook, undeclared);
  };
  const series = (hook: HookName) => ({
    tap(fn: unknown, options?: OperationTapOptions): void {
      guard(hook, fn);
      sink.add(hook, plugin, fn as Fn, options);
    },
  });
  const perOperation = (hook: HookName) => ({
    tap(operation: Operation, fn: unknown, options?: TapOptions): void {
      guard(hook, fn);
      guardOperation(hook, operation);
      sink.add(hook, plugin, fn as Fn, { ...options, operations: [operation] });
    },
  });
  const call = {
    tap(fn: unknown, options: ProviderOptions): void {
      guard('call', fn);
      const entries = Object.entries(options.operations) as [Operation, ProviderOperation | ProviderOperation[]][];
      for (const [operation] of entries) guardOperation('call', operation);
      const operations = new Map(entries.map(([operation, served]) => [operation, [served].flat()]));
      sink.addProvider(options.provider ?? plugin.id, plugin, fn as Fn, operations);
    },
    answer: perOperation('call.answer'),
  };
  return {
    auth: series('auth'),
    route: series('route'),
    transform: {
      request: perOperation('transform.request'),
      event: perOperation('transform.event'),
      response: perOperation('transform.response'),
    },
    call,
    meter: { reserve: series('meter.reserve'), settle: series('meter.settle') },
    log: series('log'),
  };
}

function contractError(plugin: PluginRef, hook: string, reason: string): GatewayError {
  return new GatewayError(
    'GW_PLUGIN_CONTRACT',
    `Plugin "${plugin.id}" (${plugin.where}) tapped hook ${hook} wrongly: ${reason}.`,
    { plugin: plugin.id, hook },
  );
}
