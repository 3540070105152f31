/** Counters and holds in Redis, by hand: what one step asks for goes in one script, and what a hold is for stands beside it. */
import { Redis } from 'ioredis';

const FIELDS = Array.from({ length: 6 }, (_, at) => [`r${at}`, `s${at}`]).flat();

/** All holds of a step: each has an id, a memo and six amounts. Answers how many fitted, and how the counters stand. */
const RESERVE = `#!lua
local counters = redis.call('HMGET', KEYS[1], ${FIELDS.map((field) => `'${field}'`).join(', ')})
for at = 1, 12 do counters[at] = tonumber(counters[at] or '0') end
local limit, granted = tonumber(ARGV[1]), 0
for first = 2, #ARGV, 8 do
  local fits = true
  for at = 0, 5 do
    fits = fits and counters[2 * at + 1] + counters[2 * at + 2] + tonumber(ARGV[first + 2 + at]) <= limit
  end
  if fits then
    granted = granted + 1
    for at = 0, 5 do counters[2 * at + 1] = counters[2 * at + 1] + tonumber(ARGV[first + 2 + at]) end
    redis.call('HSET', KEYS[2], ARGV[first], ARGV[first + 1])
  end
end
redis.call('HSET', KEYS[1], ${FIELDS.map((field, at) => `'${field}', string.format('%.0f', counters[${at + 1}])`).join(', ')})
return {granted, ${FIELDS.map((_field, at) => `string.format('%.0f', counters[${at + 1}])`).join(', ')}}`;

/** All bills of a step: twelve sums, and the ids of the holds. */
const SETTLE = `#!lua
for at = 1, 12 do redis.call('HINCRBY', KEYS[1], (at % 2 == 1 and 'r' or 's') .. math.floor((at - 1) / 2), ARGV[at]) end
for at = 13, #ARGV do redis.call('HDEL', KEYS[2], ARGV[at]) end
return 1`;

const KEYS = ['{by-hand}counters', '{by-hand}holds'] as const;

interface Scripts {
  reserveAll(...args: readonly (string | number)[]): Promise<readonly (string | number)[]>;
  settleAll(...args: readonly (string | number)[]): Promise<unknown>;
}

export class RedisCounters {
  readonly #redis: Redis & Scripts;
  readonly #limit: number;
  #holds: (string | number)[] = [];
  #reserving: Promise<readonly number[]> | undefined;
  #billed: string[] = [];
  #sums: number[] | undefined;

  constructor(url: string, limit: number) {
    this.#redis = new Redis(url) as Redis & Scripts;
    this.#redis.defineCommand('reserveAll', { numberOfKeys: 2, lua: RESERVE });
    this.#redis.defineCommand('settleAll', { numberOfKeys: 2, lua: SETTLE });
    this.#limit = limit;
  }

  /** Resolves with what is spent and reserved of each counter. */
  reserve(id: string, memo: string, amounts: readonly number[]): Promise<readonly number[]> {
    this.#holds.push(id, memo, ...amounts);
    this.#reserving ??= new Promise((resolve, reject) => {
      process.nextTick(() => {
        const holds = this.#holds;
        this.#holds = [];
        this.#reserving = undefined;
        this.#redis.reserveAll(...KEYS, this.#limit, ...holds).then(([granted, ...counters]) => {
          if (granted === holds.length / 8) resolve(counters.map(Number));
          else reject(new Error('That is beyond the limit.'));
        }, reject);
      });
    });
    return this.#reserving;
  }

  settle(id: string, held: readonly number[], actual: readonly number[]): void {
    if (this.#sums === undefined) {
      this.#sums = FIELDS.map(() => 0);
      process.nextTick(() => {
        void this.#redis.settleAll(...KEYS, ...(this.#sums ?? []), ...this.#billed);
        this.#sums = undefined;
        this.#billed = [];
      });
    }
    for (const [at, amount] of held.entries()) {
      this.#sums[2 * at] = (this.#sums[2 * at] ?? 0) - amount;
      this.#sums[2 * at + 1] = (this.#sums[2 * at + 1] ?? 0) + (actual[at] ?? 0);
    }
    this.#billed.push(id);
  }

  async close(): Promise<void> {
    await this.#redis.quit();
  }
}
