/** The board of a state that is kept in Redis: one hash per topic, read when somebody says that it changed, and every second. */
import { randomUUID } from 'node:crypto';
import type { Board, Clock, Logger, Notice } from '@gatewright/core';
import { checkNotice, MOST_NOTICES } from '@gatewright/state-memory';
import type { ClientSettings } from './client.ts';
import type { Connection } from './connection.ts';
import { Listening } from './listening.ts';
import { SCRIPTS } from './scripts/index.ts';

export interface RedisBoardSettings extends ClientSettings {
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where notices are written and read. Who tells of them comes by a connection of its own. */
  readonly connection: Connection;
}

/** Milliseconds between two looks at a topic that somebody follows: what is missed between connections is seen then. */
const LOOK_EVERY = 850;

/** Milliseconds between two reads, however often a topic changes: Redis has other things to do. */
const REST = 50;

/** One topic that is followed in this process. */
interface Topic {
  readonly name: string;
  readonly listeners: Set<(notice: Notice) => void>;
  /** The id of the last post of each key that the listeners were told of. */
  seen: ReadonlyMap<string, string>;
  version: string;
  /** It is being read, or was a moment ago. */
  reading: boolean;
  again: boolean;
  cancelLook: () => void;
}

export class RedisBoard implements Board {
  readonly #settings: RedisBoardSettings;
  readonly #listening: Listening;
  readonly #channel: string;
  readonly #topics = new Map<string, Topic>();
  #closed = false;

  constructor(settings: RedisBoardSettings) {
    this.#settings = settings;
    this.#channel = `${settings.prefix}:board`;
    this.#listening = new Listening(settings, this.#channel, (topic) => this.#hear(topic));
  }

  async post(topic: string, key: string, value: string, ttl: number): Promise<void> {
    checkNotice(topic, key, value, ttl);
    const { connection } = this.#settings;
    const values = [key, value, `${Math.max(1, Math.floor(ttl))}`, randomUUID(), `${MOST_NOTICES}`];
    await connection.run(SCRIPTS.post, [this.#keyOf(topic), `${this.#keyOf(topic)}:ends`], values);
    this.#hear(topic);
    // Where nobody can be told, all look by themselves.
    connection.client.publish(this.#channel, topic).catch(() => undefined);
  }

  follow(name: string, listener: (notice: Notice) => void): () => void {
    const topic = this.#topics.get(name) ?? this.#open(name);
    const own = (notice: Notice): void => listener(notice);
    topic.listeners.add(own);
    // Who comes later is told all of it; the others may hear it twice.
    topic.version = '';
    topic.seen = new Map();
    this.#listening.start();
    this.#read(topic);
    return () => {
      topic.listeners.delete(own);
      if (topic.listeners.size > 0 || this.#topics.get(name) !== topic) return;
      this.#topics.delete(name);
      topic.cancelLook();
      if (this.#topics.size === 0) this.#listening.stop();
    };
  }

  /** Ends all following. */
  close(): void {
    this.#closed = true;
    for (const topic of this.#topics.values()) {
      topic.listeners.clear();
      topic.cancelLook();
    }
    this.#topics.clear();
    this.#listening.stop();
  }

  #open(name: string): Topic {
    const topic: Topic = {
      name,
      listeners: new Set(),
      seen: new Map(),
      version: '',
      reading: false,
      again: false,
      cancelLook: () => undefined,
    };
    this.#topics.set(name, topic);
    return topic;
  }

  #keyOf(topic: string): string {
    // After the prefix of a ledger's keys comes a brace: the two are never the same.
    return `${this.#settings.prefix}:board:{${topic.replaceAll(/[{}%]/g, encodeURIComponent)}}`;
  }

  #hear(name: string): void {
    const topic = this.#topics.get(name);
    if (topic !== undefined) this.#read(topic);
  }

  /** Reads what is up, once at a time: what changed while it was read is read after it. */
  #read(topic: Topic): void {
    if (topic.reading) {
      topic.again = true;
      return;
    }
    topic.reading = true;
    topic.again = false;
    topic.cancelLook();
    void this.#tell(topic).finally(() => {
      if (this.#closed || this.#topics.get(topic.name) !== topic) return;
      topic.cancelLook = this.#settings.clock.after(REST, () => this.#rested(topic));
    });
  }

  #rested(topic: Topic): void {
    topic.reading = false;
    if (topic.again) this.#read(topic);
    else topic.cancelLook = this.#settings.clock.after(LOOK_EVERY, () => this.#look(topic));
  }

  #look(topic: Topic): void {
    this.#listening.keep();
    this.#read(topic);
  }

  async #tell(topic: Topic): Promise<void> {
    const { connection } = this.#settings;
    const { version: known, seen } = topic;
    try {
      const answer = await connection.run(SCRIPTS.read, [this.#keyOf(topic.name)], [known]);
      // Somebody came meanwhile, and is told all.
      if (topic.seen !== seen) return;
      const [version = '', ...fields] = answer;
      if (version === known) return;
      topic.version = version;
      topic.seen = this.#tellAll(topic, fields);
    } catch {
      // While Redis is away nothing is up for anybody; its connection has told of it.
    }
  }

  /** Tells what is new. Answers the ids of all that is up. */
  #tellAll({ name, listeners, seen }: Topic, fields: readonly string[]): ReadonlyMap<string, string> {
    const now = new Map<string, string>();
    for (let at = 0; at + 3 < fields.length; at += 4) {
      const [key = '', id = '', left = '', value = ''] = fields.slice(at, at + 4);
      now.set(key, id);
      if (seen.get(key) === id) continue;
      for (const listener of listeners) this.#tellOne(name, listener, { key, value, left: Number(left) });
    }
    return now;
  }

  /** A listener that breaks its promise not to throw must not keep a notice from the others. */
  #tellOne(topic: string, listener: (notice: Notice) => void, notice: Notice): void {
    try {
      listener(notice);
    } catch (error) {
      this.#settings.log.error('A notice of the board could not be handled.', { topic, key: notice.key, error });
    }
  }
}
