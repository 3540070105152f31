/** Asks a second target where the first keeps the client waiting, and takes the answer that begins first. */
import { GatewayError } from '../../errors.ts';
import type { Hedge, Target } from '../../route.ts';
import type { Answer } from './answer.ts';
import { isGuarded, letIn, makeAttempt, settleFailure, unwatch, watch } from './attempt-life.ts';
import { callTarget } from './call.ts';
import type { Course } from './course.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { Outlet } from '../outlet.ts';
import { prepare } from './prepare.ts';
import type { Joining } from '../streams/splice.ts';

/** A target that failed, and another may still go on. */
export interface Broken {
  readonly target: Target;
  readonly failure: GatewayError;
  /** How it was asked to go on with an answer that had broken off. */
  readonly joining?: Joining | undefined;
  /** Set where others were asked already. */
  readonly course?: Course;
}

/** An answer that has begun; its attempt is watched until it is over. */
interface Begun {
  readonly attempt: LiveAttempt;
  readonly answer: Answer;
}

/** Delivers the first answer that begins. Answers with what broke it where the client was not told; rejects where none begins. */
export async function askBesides(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  course: Course,
  hedge: Hedge,
  first: Target,
): Promise<Broken | undefined> {
  const { attempt, answer } = await new Race(exchange, outlet !== undefined, course, hedge, first).winner;
  const { target } = attempt;
  try {
    const failure = await answer.deliver(outlet);
    return failure && { target, failure, course };
  } catch (thrown) {
    return { target, failure: await settleFailure(attempt, thrown), course };
  } finally {
    unwatch(attempt);
  }
}

class Race {
  readonly winner: Promise<Begun>;
  readonly #exchange: LiveExchange;
  readonly #mayStream: boolean;
  readonly #course: Course;
  readonly #hedge: Hedge;
  readonly #first: Target;
  readonly #calls = new Set<LiveAttempt>();
  /** Targets that are asked, or will be in a moment. */
  #running = 0;
  #isOver = false;
  readonly #timers = new Set<() => void>();
  #cancelTimer: () => void = () => undefined;
  readonly #unlisten: () => void;
  #win: (begun: Begun) => void = () => undefined;
  #giveUp: (error: unknown) => void = () => undefined;

  constructor(exchange: LiveExchange, mayStream: boolean, course: Course, hedge: Hedge, first: Target) {
    this.#first = first;
    this.#exchange = exchange;
    this.#mayStream = mayStream;
    this.#course = course;
    this.#hedge = hedge;
    this.winner = new Promise((resolve, reject) => {
      this.#win = resolve;
      this.#giveUp = reject;
    });
    // Attempts under way hear of it themselves.
    this.#unlisten = exchange.onAbort((reason) => {
      if (this.#calls.size === 0) this.#end(reason);
    });
    this.#start(first, 0);
    this.#wait();
  }

  #start(target: Target, wait: number): void {
    this.#running++;
    const ask = (): void => void this.#ask(target).catch((error: unknown) => this.#end(error));
    if (wait === 0) {
      ask();
      return;
    }
    const cancel = this.#exchange.kernel.clock.after(wait, () => {
      this.#timers.delete(cancel);
      ask();
    });
    this.#timers.add(cancel);
  }

  /** One more target after the delay, while there may be more. */
  #wait(): void {
    this.#cancelTimer();
    if (this.#isOver || this.#running >= this.#hedge.most) return;
    const { clock, host } = this.#exchange.kernel;
    const { delay } = this.#hedge;
    this.#cancelTimer = clock.after(delay, () => {
      // When everything is slow, asking twice makes it slower: hedges are as rare as retries, but where they are always wanted.
      if (delay > 0 && !host.traffic.retries(this.#first.id).take()) return;
      const next = this.#course.besides();
      if (next === undefined) return;
      this.#start(next, 0);
      this.#wait();
    });
  }

  async #ask(target: Target): Promise<void> {
    const begun = await this.#begin(target);
    this.#running--;
    if (begun === undefined) return;
    if (begun instanceof Error) await this.#next(target, begun);
    else if (this.#isOver) await discard(begun);
    else {
      this.#calls.delete(begun.attempt);
      this.#close();
      this.#win(begun);
    }
  }

  /** Undefined where another has won meanwhile. */
  async #begin(target: Target): Promise<Begun | GatewayError | undefined> {
    const attempt = makeAttempt(this.#exchange, target);
    if (attempt instanceof Error) return attempt;
    this.#calls.add(attempt);
    const shortage = isGuarded(attempt) ? await letIn(attempt) : undefined;
    if (shortage !== undefined) {
      this.#calls.delete(attempt);
      return attempt.outpaced ? undefined : shortage;
    }
    watch(attempt);
    try {
      this.#exchange.throwIfAborted();
      attempt.throwIfAborted();
      const waiting = prepare(attempt);
      if (waiting !== undefined) await waiting;
      const answer = await callTarget(attempt, this.#mayStream);
      attempt.begun = true;
      return { attempt, answer };
    } catch (thrown) {
      const error = await settleFailure(attempt, thrown);
      this.#calls.delete(attempt);
      unwatch(attempt);
      return attempt.outpaced ? undefined : error;
    }
  }

  /** A target that fails is replaced at once. */
  async #next(target: Target, failure: GatewayError): Promise<void> {
    if (this.#isOver) return;
    this.#exchange.throwIfAborted();
    const step = await this.#course.after(target, failure);
    if (this.#isOver) return;
    if (step !== undefined) this.#start(step.target, step.wait);
    else if (this.#running === 0) this.#end(this.#course.error);
  }

  #end(error: unknown): void {
    if (this.#isOver) return;
    this.#close();
    this.#giveUp(error);
  }

  #close(): void {
    this.#isOver = true;
    this.#cancelTimer();
    this.#unlisten();
    for (const cancel of this.#timers) cancel();
    for (const attempt of this.#calls) outpace(attempt);
  }
}

/** Another was faster. */
function outpace(attempt: LiveAttempt): void {
  attempt.outpaced = true;
  attempt.abort.abort(new GatewayError('GW_CLIENT_CLOSED', 'Another target answered first.'));
}

async function discard({ attempt, answer }: Begun): Promise<void> {
  outpace(attempt);
  await answer.discard();
  unwatch(attempt);
}
