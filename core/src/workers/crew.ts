/** The workers of a gateway: started, kept alive, given new configurations, ended. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { ListenAt } from '../http/listeners.ts';
import type { Logger } from '../logger.ts';
import type { Reloading } from '../reload.ts';
import { Census } from './census.ts';
import { receivedError, type SentError } from './failure.ts';
import type { Generations } from './generations.ts';
import { Member } from './member.ts';
import type { FirstOrders, Orders, ServiceCall } from './protocol.ts';

/** Milliseconds before a worker that has ended is started anew: at first, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;
/** Milliseconds after which a worker counts as one that works, so that its end is the first again. */
const STEADY = 60_000;

/** How a worker ends that was told to. */
const IN_ORDER = 'in order';
/** Milliseconds that reading what an ended worker had sent may take. */
const LAST_WORDS = 1000;

export interface CrewOptions {
  readonly count: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly generations: Generations;
  readonly reloading: Reloading;
  readonly at: ListenAt;
  readonly orders: Orders;
}

interface Slot {
  /** How often in a row it has ended soon after its start. */
  failures: number;
  member?: Member;
  cancel?: () => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #census: Census;
  readonly #slots = new Map<number, Slot>();
  #orders: Orders;
  #stopping = false;
  /** All have served once: who ends from now on is replaced. */
  #started = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#orders = options.orders;
    this.#census = new Census(options.clock);
  }

  /** Resolves with the address when all serve. Rejects with what keeps the first from it; nothing is then left. */
  async start(): Promise<AddressInfo> {
    try {
      const address = await this.#start(1);
      const others = Array.from({ length: this.#options.count - 1 }, (_, index) => this.#start(index + 2));
      await Promise.all(others);
      this.#started = true;
      return address;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Those that serve. */
  get members(): readonly Member[] {
    return [...this.#slots.values()].flatMap(({ member }) => (member === undefined ? [] : [member]));
  }

  /**
   * Gives a configuration to one worker after the other. Rejects where the first refuses it: no other has then heard of it.
   * One that refuses what the first has taken is replaced.
   */
  async reload(orders: Orders): Promise<void> {
    const first = this.members.find(({ ready }) => ready);
    if (first === undefined) throw new GatewayError('GW_CONFIG', 'No worker serves, so that none can reload.');
    await this.#give(first, orders);
    this.#orders = orders;
    // Those that have begun to serve meanwhile are among them.
    const others = this.members.filter(({ ready, generation }) => ready && generation !== orders.generation);
    for (const member of others) await this.#insist(member, orders);
  }

  /** Lets all finish what is under way. Resolves with how many exchanges were broken off. */
  async stop(): Promise<number> {
    this.#stopping = true;
    for (const { cancel } of this.#slots.values()) cancel?.();
    const broken = await Promise.all(this.members.map((member) => member.stop()));
    return broken.reduce((sum, one) => sum + one, 0);
  }

  /** Ends all at once. */
  kill(): void {
    this.#stopping = true;
    for (const member of this.members) member.kill();
  }

  /** A worker that was being started while the others reloaded. */
  #catchUp(member: Member): void {
    if (member.generation !== this.#orders.generation) void this.#insist(member, this.#orders);
  }

  /** Gives a worker what others have taken; one that refuses it is replaced. */
  async #insist(member: Member, orders: Orders): Promise<void> {
    try {
      await this.#give(member, orders);
    } catch (error) {
      if (member.stopping || !member.ready) return;
      this.#options.logger.error(`The ${member.name} did not take the configuration; it is replaced.`, { error });
      void member.stop();
    }
  }

  async #give(member: Member, orders: Orders): Promise<void> {
    member.generation = orders.generation;
    this.#options.generations.hold(orders.generation, member);
    try {
      await member.reload(orders);
    } catch (error) {
      await this.#options.generations.release(orders.generation, member);
      throw error;
    }
  }

  #start(number: number): Promise<AddressInfo> {
    const slot = this.#slots.get(number) ?? { failures: 0 };
    this.#slots.set(number, slot);
    const { clock } = this.#options;
    const started = clock.monotonic();
    const process = cluster.fork();
    return new Promise((resolve, reject) => {
      let refused: Error | undefined;
      const member: Member = new Member({
        slot: number,
        process,
        answer: (name, args) => {
          if (name === 'failed') refused = receivedError(args[0] as SentError);
          if (name === 'ready') {
            member.ready = true;
            this.#catchUp(member);
            resolve(args[0] as AddressInfo);
          }
          return this.#answer(member, name, args);
        },
        notice: (name, value) => this.#notice(member, name, value),
        frame: (questions, answers) => this.#options.generations.answer(questions, answers, member),
      });
      slot.member = member;
      void hasEnded(member, clock).then(async (how) => {
        await this.#ended(member, slot, { how, lived: clock.monotonic() - started });
        reject(refused ?? new GatewayError('GW_INTERNAL', `The ${member.name} ended ${how} before it served.`));
      });
    });
  }

  async #ended(member: Member, slot: Slot, { how, lived }: { how: string; lived: number }): Promise<void> {
    const { generations, logger, clock } = this.#options;
    const wasReady = member.ready;
    member.ready = false;
    this.#census.bury(member);
    if (slot.member === member) delete slot.member;
    await generations.leave(member);
    member.ended();
    if (this.#stopping || !this.#started) return;
    if (lived >= STEADY || (how === IN_ORDER && wasReady)) slot.failures = 0;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** slot.failures++);
    const message = `The ${member.name} ended ${how}; another one is started in ${pause} ms.`;
    if (how === IN_ORDER) logger.info(message);
    else logger.error(message);
    slot.cancel = clock.after(pause, () => {
      // Its failure to start is told by its end, which starts the next one.
      this.#start(member.slot).catch(() => undefined);
    });
  }

  #answer(member: Member, name: string, args: readonly unknown[]): unknown {
    const { generations, reloading } = this.#options;
    switch (name) {
      case 'orders': {
        member.generation = this.#orders.generation;
        generations.hold(member.generation, member);
        return { ...this.#orders, at: this.#options.at, slot: member.slot } satisfies FirstOrders;
      }
      case 'service':
        return generations.call(args as ServiceCall, member);
      case 'ask':
        return this.#census.ask(args[0] as string, this.members);
      case 'reload':
        return reloading.reload();
      case 'preview':
        return reloading.preview();
      default:
        return undefined;
    }
  }

  #notice(member: Member, name: string, value: unknown): void {
    if (name === 'release') void this.#options.generations.release(value as number, member);
    if (name === 'left') {
      const { plugin, answer } = value as { plugin: string; answer: unknown };
      this.#census.leave(plugin, answer, member);
    }
  }
}

/** How a worker ended, when all that it had sent has come. */
function hasEnded({ process, heard }: Member, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    process.once('exit', (code: number, signal: string | null) => {
      const how = signal ? `by ${signal}` : code === 0 ? IN_ORDER : `with exit code ${code}`;
      // The pipe may be read to its end after the process has ended. Where it broke in the middle of a message, Node never
      // says that it is closed.
      const disconnected = process.isConnected() ? once(process, 'disconnect') : undefined;
      void Promise.all([disconnected, heard]).then(() => resolve(how));
      clock.after(LAST_WORDS, () => resolve(how));
    });
  });
}
