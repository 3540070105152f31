/** Attempts as the core makes them, as far as a provider looks at them. */
import type { Attempt, Operation, Plugin, ProviderOptions, Target } from '@gatewright/core';

/** What a test says of an attempt; all else is as usual. */
export interface AttemptParts {
  /** Default `chat`. */
  readonly operation?: Operation;
  /** Default: the first that the provider speaks for the operation and the model. */
  readonly dialect?: string;
  /** The provider's own name of the model. Default: that of the rig. */
  readonly model?: string;
  /** The request in its neutral form, for providers that look at it. */
  readonly request?: unknown;
  /** Default `{}`. */
  readonly body?: string | Buffer;
  /** The client's headers that the dialect sends on; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default false. */
  readonly stream?: boolean;
  /** Milliseconds. Default: one second each, five in total. */
  readonly timeouts?: Partial<Target['timeouts']>;
  /** Ends the attempt when it aborts; also when it has before. */
  readonly signal?: AbortSignal;
}

/** The dialect in which the core would ask for the operation. */
export function dialectFor(options: ProviderOptions, operation: Operation, model: string): string {
  const spoken = [options.operations[operation] ?? []].flat();
  return spoken.find(({ serves }) => serves?.(model) ?? true)?.dialect ?? '';
}

/** An attempt, with its exchange. */
export function attemptOf(
  plugin: Plugin,
  options: ProviderOptions,
  parts: AttemptParts & { readonly model: string },
): Attempt {
  const { operation = 'chat', model, headers = {}, stream = false } = parts;
  const timeouts = { connect: 1000, headers: 1000, idle: 1000, total: 5000, ...parts.timeouts };
  const provider = options.provider ?? plugin.id ?? plugin.name;
  const signal = parts.signal ?? new AbortController().signal;
  const attempt = {
    id: 'x-1',
    number: 1,
    exchange: { operation, request: () => parts.request ?? { model } },
    target: { id: `${provider}/${model}`, provider, model, of: 'model', timeouts },
    dialect: parts.dialect ?? dialectFor(options, operation, model),
    body: Buffer.from(parts.body ?? '{}'),
    headers,
    stream,
    signal,
    onAbort: (listener: (reason: Error) => void) => onAbort(signal, listener),
  };
  return attempt as unknown as Attempt;
}

function onAbort(signal: AbortSignal, listener: (reason: Error) => void): () => void {
  const tell = (): void => listener(signal.reason as Error);
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
