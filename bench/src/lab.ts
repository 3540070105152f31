/** The processes of one run: the upstream, the bare passthrough, the gateways, and how each is asked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, LOAD_CORE, TEST_CORE } from './child.ts';
import { chatRequest, KEY, messagesRequest, MODELS, type Manner } from './payload.ts';
import type { SetupName } from './setups.ts';

export interface Settings {
  readonly rounds: number;
  /** How long each load lasts. */
  readonly seconds: number;
  readonly connections: number;
  /** How many slow streams are held open at once. */
  readonly streams: number;
  /** How many requests one round of a latency measurement has. */
  readonly requests: number;
  /** How many requests each server answers before anything is measured: until its code is compiled as well as it will be. */
  readonly warmUp: number;
}

/**
 * Of the flags that the command gives V8, the one that the bare passthrough has too: who waits for his turn would else throw away
 * what was compiled, and be measured while it is compiled anew.
 */
const STEADY = '--memory-reducer-gc-count=0';

/**
 * What the command starts Node with (core/bin/gatewright.js); what it tells V8 later, `gateway.ts` does. The command takes the limits
 * back for its threads: here the database's has them too.
 */
export const LIMITS = ['--max-semi-space-size=8', '--min-semi-space-size=4'];
export const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

/** Who is measured. */
export type TestedName = 'bare' | 'pipe' | GatewayName;
export type SubjectName = 'upstream' | TestedName;
/** The gateways that are asked what all can answer. */
type GatewayName = 'lean' | 'auth' | 'complete' | 'everything';

/** Who is there unless something else is asked for. */
const USUAL: readonly TestedName[] = ['bare', 'pipe', 'auth', 'complete', 'everything'];

export interface Ask {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class Lab {
  readonly settings: Settings;
  readonly #children: ReadonlyMap<SubjectName, Child>;
  readonly #folder: string;

  private constructor(settings: Settings, children: ReadonlyMap<SubjectName, Child>, folder: string) {
    this.settings = settings;
    this.#children = children;
    this.#folder = folder;
  }

  /** `upstreamArgs` are arguments of the upstream. */
  static async open(
    settings: Settings,
    tested: readonly TestedName[] = USUAL,
    upstreamArgs: readonly string[] = [],
  ): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), 'gatewright-bench-'));
    const upstream = await Child.start('./upstream.ts', { core: LOAD_CORE, args: upstreamArgs });
    const children = new Map<SubjectName, Child>([['upstream', upstream]]);
    const lab = new Lab(settings, children, folder);
    for (const name of tested) children.set(name, await lab.fresh(name));
    return lab;
  }

  /** A process of its own, which has carried nothing yet. Whoever asks for it stops it. */
  fresh(subject: TestedName | SetupName, redis?: string, flags: readonly string[] = []): Promise<Child> {
    const { origin } = this.child('upstream');
    const core = TEST_CORE;
    if (subject === 'bare' || subject === 'pipe') {
      return Child.start('./bare.ts', { core, args: [origin, subject], flags: [STEADY, ...flags] });
    }
    const args = [subject, origin, this.logFile, ...(redis === undefined ? [] : [redis])];
    return Child.start('./gateway.ts', { core, args, flags: [...LIMITS, ...flags], env: ONE_ARENA });
  }

  get logFile(): string {
    return join(this.#folder, 'gateway.log');
  }

  /** Who answers besides the upstream. */
  get tested(): TestedName[] {
    return [...this.#children.keys()].filter((name) => name !== 'upstream');
  }

  get folder(): string {
    return this.#folder;
  }

  child(subject: SubjectName): Child {
    const child = this.#children.get(subject);
    if (child === undefined) throw new Error(`There is no ${subject}.`);
    return child;
  }

  /** How a subject is asked in the form of OpenAI's chat completions. */
  ask(subject: SubjectName, manner: Manner, size = 400, origin = this.child(subject).origin): Ask {
    const gateway = subject !== 'upstream' && subject !== 'bare' && subject !== 'pipe';
    const path = gateway ? '/v1/chat/completions' : `/${manner}/v1/chat/completions`;
    return {
      url: origin + path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: chatRequest(MODELS[manner], size, manner !== 'whole'),
    };
  }

  /** How a gateway is asked in the form of Anthropic's messages. */
  askMessages(subject: GatewayName, manner: Manner, size = 400): Ask {
    return {
      url: `${this.child(subject).origin}/v1/messages`,
      headers: { 'content-type': 'application/json', 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
      body: messagesRequest(MODELS[manner], size, manner !== 'whole'),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
