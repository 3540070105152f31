/** Targets, requests and chance for the tests of this plugin. */
import type { AttemptOutcome, GatewayErrorCode, Target } from '@gatewright/core';
import { GatewayError } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import type { Asked } from './asked.ts';
import type { Check } from './checks/check.ts';
import { Chain } from './strategies/chain.ts';
import type { Strategy } from './strategy.ts';

export function target(id: string, more: Partial<Target> = {}): Target {
  const [provider = '', model = ''] = id.split('/');
  return {
    id,
    provider,
    model,
    of: 'smart',
    weight: 1,
    retries: 0,
    timeouts: { connect: 1, headers: 1, idle: 1, total: 1 },
    unsupported: 'refuse',
    reports: 'upstream',
    rescue: 'error',
    keepAlive: 0,
    onClientGone: 'cancel',
    ...more,
  };
}

/** `p/1`, `p/2`, … */
export function targets(count: number, more: (number: number) => Partial<Target> = () => ({})): Target[] {
  return Array.from({ length: count }, (_, index) => target(`p/${index + 1}`, more(index + 1)));
}

export interface Given extends Partial<Omit<Asked, 'body' | 'request' | 'size'>> {
  readonly body?: object;
  readonly request?: object;
  readonly maxOutput?: number;
  readonly bytes?: number;
}

export function asked({ body, request, maxOutput, bytes, ...more }: Given = {}): Asked {
  const text = JSON.stringify(body ?? {});
  return {
    id: 'gw_test',
    operation: 'chat',
    model: 'smart',
    stream: false,
    headers: {},
    identity: { key: 'k' },
    body: body === undefined ? undefined : outlineOf(Buffer.from(text)),
    trace: undefined,
    size: () => ({ bytes: bytes ?? text.length, ...(maxOutput === undefined ? {} : { maxOutput }) }),
    request: () => {
      if (request === undefined) throw new GatewayError('GW_BAD_REQUEST', 'It cannot be read.');
      return { model: 'smart', messages: [], stream: false, ...request };
    },
    ...more,
  };
}

/** Numbers from 0 to 1 that follow from a seed: mulberry32 (https://github.com/cprosche/mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random order that follows from a seed. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/**
 * Pearson's chi-square: how far counts are from what was expected, beside how far chance alone takes them. With k counts,
 * chance exceeds k + 4·√(2k) about once in ten thousand times; the seeds here are fixed, so it never does.
 */
export function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce(
    (sum, count, index) => sum + (count - (expected[index] as number)) ** 2 / (expected[index] as number),
    0,
  );
}

export const bound = (kinds: number): number => kinds + 4 * Math.sqrt(2 * kinds);

export function outcome(more: Partial<AttemptOutcome> = {}): AttemptOutcome {
  return { result: 'success', status: 200, usageComplete: true, duration: 100, ...more };
}

export function failure(code: GatewayErrorCode, status: number, duration = 5): AttemptOutcome {
  const error = new GatewayError(code, 'It failed.', { status });
  return outcome({
    result: code === 'GW_UPSTREAM_TIMEOUT' ? 'timeout' : 'error',
    status,
    error,
    duration,
    usageComplete: false,
  });
}

/** One strategy alone, by chance that follows from a seed. */
export const chain = (...strategies: Strategy[]): Chain => new Chain(strategies, seeded(5));

export const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

/** What a check says of each of four targets; undefined where it has nothing to say of any. */
export function verdicts(check: Check, given: Given): (string | undefined)[] | undefined {
  const list = targets(4);
  const judge = check.look(list, asked(given));
  return judge === undefined ? undefined : list.map(judge);
}

/** A chat of one message with this text, and other parts. */
export function chat(content: string, ...more: object[]): object {
  return { messages: [{ role: 'user', parts: [{ type: 'text', text: content }, ...more] }] };
}
