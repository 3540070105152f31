/** What became of an explained request, as data. */
import type { Response } from 'light-my-request';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Trace, TraceStep } from '../../trace.ts';
import { hookPlans } from '../../plan/hooks.ts';
import type { AskedRequest } from './request.ts';

export interface Explanation {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly surface: string;
    readonly dialect: string;
    readonly operation: string;
    readonly stream: boolean;
    readonly bytes: number;
  };
  readonly steps: readonly TraceStep[];
  /** What would be sent where; absent where the exchange ended before. */
  readonly call?: {
    readonly target: string;
    readonly dialect: string;
    readonly body: 'untouched' | 'edited' | 'encoded';
    readonly bytes: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly content: unknown;
    readonly next: readonly string[];
  };
  /** The taps that would have their turn afterwards. */
  readonly later: readonly { readonly hook: string; readonly plugins: readonly string[] }[];
  /** What the client gets where no target is called: an error, or an answer that a plugin or the gateway has itself. */
  readonly reply?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly content: unknown;
  };
}

const LATER = ['meter.settle', 'log'];

export function explanationOf(kernel: Kernel, asked: AskedRequest, trace: Trace, response: Response): Explanation {
  const { surface, dialect, path, body, stream } = asked;
  const request = {
    method: surface.method,
    path,
    surface: surface.id,
    dialect: dialect.id,
    operation: dialect.operation,
    stream,
    bytes: body?.length ?? 0,
  };
  const { call } = trace;
  const steps = trace.steps.map((step) =>
    Object.assign({}, step, { duration: Math.round(step.duration * 1000) / 1000 }),
  );
  if (call === undefined) {
    const { statusCode: status, headers, body: text } = response;
    return { request, steps, later: [], reply: { status, headers, content: contentOf(text) } };
  }
  const { bytes, ...others } = call;
  return {
    request,
    steps,
    call: { ...others, bytes: bytes.length, content: contentOf(bytes.toString()) },
    later: laterTaps(kernel, dialect.operation, stream),
  };
}

function laterTaps(kernel: Kernel, operation: string, stream: boolean): Explanation['later'] {
  const later = new Set([stream ? 'transform.event' : 'transform.response', ...LATER]);
  return hookPlans(kernel)
    .filter(({ hook }) => later.has(hook))
    .map(({ hook, taps }) => {
      const serving = taps.filter(({ operations }) => operations?.includes(operation) ?? true);
      return { hook, plugins: serving.map(({ plugin }) => plugin) };
    })
    .filter(({ plugins }) => plugins.length > 0);
}

function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
