/** How much the gateway has to do between the surfaces of each dialect and each provider: pass bytes, or translate. */
import type { Dialect } from '../dialect.ts';
import type { HookName } from '../hooks/checks.ts';
import type { ProviderEntry } from '../hooks/registry.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Operation } from '../operations.ts';
import { chooseService, type Service } from '../pipeline/attempts/service.ts';

/** How a body comes from one side to the other. */
export interface Passage {
  /**
   * `bytes`: the same buffers; `rewritten`: decoded for the taps, and what they leave alone keeps its bytes; `translated`:
   * decoded from one dialect and encoded in the other; `never`: this does not happen.
   */
  readonly way: 'bytes' | 'rewritten' | 'translated' | 'never';
  /** The plugins that read and may change it. */
  readonly because: readonly string[];
}

export interface ReplyPlan {
  /** The surfaces that speak the client's dialect: they are all served alike. */
  readonly surfaces: readonly string[];
  readonly operation: Operation;
  readonly provider: string;
  /** The dialects on both sides. */
  readonly from: string;
  readonly to: string;
  readonly request: Passage;
  readonly streamed: Passage;
  readonly whole: Passage;
}

/** One plan for each dialect of a surface and each dialect that a provider then serves its operation in to some target. */
export function replyPlans(kernel: Kernel): ReplyPlan[] {
  const targets = kernel.config.models.flatMap((model) => model.targets);
  const surfaces = Map.groupBy(kernel.surfaces, ({ dialect }) => kernel.dialects.get(dialect));
  return [...surfaces].flatMap(([client, speaking]) => {
    if (client === undefined) return [];
    const ids = speaking.map(({ id }) => id);
    const services = new Map<string, Service>();
    for (const { provider: id, model } of targets) {
      const provider = kernel.hooks.providers.get(id);
      const service = provider && chooseService(kernel, provider, client.operation, model, client);
      if (service !== undefined) services.set(`${id} ${service.dialect.id}`, service);
    }
    return [...services.values()].map((service) => replyPlan(kernel, client, ids, service));
  });
}

function replyPlan(kernel: Kernel, client: Dialect, surfaces: readonly string[], service: Service): ReplyPlan {
  const { operation } = client;
  const { provider, dialect: upstream } = service;
  const passage = (hook: HookName): Passage => {
    const because = tapsOf(kernel, hook, operation);
    if (client !== upstream) return { way: 'translated', because };
    return { way: because.length > 0 ? 'rewritten' : 'bytes', because };
  };
  const request = passage('transform.request');
  return {
    surfaces,
    operation,
    provider: provider.id,
    from: client.id,
    to: upstream.id,
    // The provider's own changes are made to the parsed body.
    request:
      service.operation.adjust !== undefined && request.way !== 'translated' ? adjusted(request, provider) : request,
    streamed: canStream(client, upstream) ? passage('transform.event') : { way: 'never', because: [] },
    whole: passage('transform.response'),
  };
}

function adjusted({ because }: Passage, provider: ProviderEntry): Passage {
  return { way: 'rewritten', because: [...because, provider.tap.spec.plugin.id] };
}

function canStream(client: Dialect, upstream: Dialect): boolean {
  return client.codec.stream !== undefined && upstream.codec.stream !== undefined;
}

function tapsOf({ hooks }: Kernel, hook: HookName, operation: Operation): string[] {
  const taps = hooks.list(hook).filter(({ spec }) => spec.operations?.includes(operation) ?? true);
  return taps.map(({ spec }) => spec.plugin.id);
}
