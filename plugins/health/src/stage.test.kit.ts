/** A ward with a clock and chance that the test holds, and calls that end as the test says. */
import {
  GatewayError,
  isGatewayError,
  type Attempt,
  type AttemptOutcome,
  type Board,
  type LogFields,
} from '@gatewright/core';
import type { MeterClaims, NormalModel, State, Target } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import type { z } from 'zod';
import { options } from './options.ts';
import { TermsBook } from './terms.ts';
import { Ward, type Service } from './ward.ts';

export interface Given {
  readonly options?: z.input<typeof options>;
  readonly board?: Board;
  readonly clock?: ManualClock;
  readonly models?: readonly NormalModel[];
  readonly random?: () => number;
}

export type End = 'ok' | number | 'gone' | 'unreachable' | { readonly status: number; readonly retryAfter: number };

export const target = (id: string, more: Partial<Target> = {}): Target => {
  const [provider = '', model = ''] = id.split('/');
  return { id, provider, model, of: 'm', ...more } as Target;
};

/** A model as the configuration has it. */
export const model = (name: string, ids: readonly string[], settings: Partial<NormalModel> = {}): NormalModel => {
  const targets = ids.map((id) => Object.assign({}, target(id), { position: { path: '' } }));
  return { name, aliases: [], fallbacks: [], position: { path: '' }, targets, ...settings };
};

const MODELS = [model('m', ['a/one', 'a/two', 'b/one'])];

export class Stage {
  readonly clock: ManualClock;
  readonly ward: Ward;
  readonly lines: (readonly [string, LogFields | undefined])[] = [];
  readonly #given: Given;
  #count = 0;

  constructor(given: Given = {}) {
    this.#given = given;
    this.clock = given.clock ?? new ManualClock();
    let ids = 0;
    const name = `r${Math.abs(hashOf(this.clock))}${replicas++}`;
    const parts = { clock: this.clock, random: given.random ?? (() => 0), newId: () => `${name}-${ids++}` };
    this.ward = new Ward(parts, this.service());
    this.ward.serve(this.service());
  }

  /** As a reload would make it. */
  service(changed: Given = {}): Service {
    const given = { ...this.#given, ...changed };
    const parsed = options.parse(given.options ?? {});
    const silent = (): void => undefined;
    return {
      book: new TermsBook(parsed, given.models ?? MODELS, 'health'),
      providers: parsed.providers,
      share: parsed.share,
      state: { board: given.board } as unknown as State,
      log: {
        debug: silent,
        info: silent,
        error: silent,
        warn: (message, fields) => void this.lines.push([message, fields]),
      },
    };
  }

  /** A call that has been let through, and is under way. Throws where it was not. */
  begin(to: string | Target = 'a/one', route: readonly string[] = []): Call {
    const chosen = typeof to === 'string' ? target(to) : to;
    const exchange = {
      attempts: [] as Attempt[],
      route: { targets: [chosen, ...route.map((id) => target(id))] },
      trace: undefined,
      headers: {},
    };
    const id = `x-${++this.#count}`;
    const attempt = { id, target: chosen, exchange, stream: true, begun: false } as unknown as Attempt;
    const claims = this.ward.admit(attempt);
    exchange.attempts.push(attempt);
    return new Call(this, attempt, claims);
  }

  /** One call from beginning to end; answers `shed` where it was not let through. */
  call(end: End, to: string | Target = 'a/one'): 'shed' | 'tried' | 'called' {
    try {
      const call = this.begin(to);
      call.end(end);
      return call.claims === undefined ? 'called' : 'tried';
    } catch (error) {
      if (isGatewayError(error) && error.code === 'GW_TARGET_UNHEALTHY') return 'shed';
      throw error;
    }
  }

  calls(count: number, end: End, to?: string): void {
    for (let index = 0; index < count; index++) this.call(end, to);
  }

  state(id = 'a/one'): string | undefined {
    return this.ward.of(id)?.state;
  }
}

let replicas = 0;
const hashOf = (clock: ManualClock): number => clock.now() % 7;

export class Call {
  readonly attempt: Attempt;
  readonly claims: MeterClaims | undefined;
  readonly #stage: Stage;

  constructor(stage: Stage, attempt: Attempt, claims: MeterClaims | undefined) {
    this.#stage = stage;
    this.attempt = attempt;
    this.claims = claims;
  }

  /** Its first content is there. */
  answer(): void {
    (this.attempt as { begun: boolean }).begun = true;
  }

  end(end: End): void {
    this.#stage.ward.record(outcomeOf(end), this.attempt);
  }
}

function outcomeOf(end: End): AttemptOutcome {
  const base = { status: 0, usageComplete: false, duration: 1 };
  if (end === 'ok') return { ...base, result: 'success', status: 200 };
  if (end === 'gone') {
    return { ...base, result: 'client-gone', error: new GatewayError('GW_CLIENT_CLOSED', 'The client left.') };
  }
  if (end === 'unreachable') {
    return { ...base, result: 'error', error: new GatewayError('GW_UPSTREAM_UNREACHABLE', 'No connection.') };
  }
  const { status, retryAfter } = typeof end === 'number' ? { status: end, retryAfter: undefined } : end;
  const upstream = { status, message: 'The provider says no.' };
  const details = { status, upstream, ...(retryAfter === undefined ? {} : { retryAfter }) };
  return { ...base, status, result: 'error', error: new GatewayError('GW_UPSTREAM_ERROR', upstream.message, details) };
}
