/** Puts a gateway between a caller and a faulty provider, and judges what both saw. */
import type { AttemptOutcome, GatewayConfig, Plugin } from '@gatewright/core';
import dialectBedrock from '@gatewright/dialect-bedrock';
import dialectCohere from '@gatewright/dialect-cohere';
import dialectGemini from '@gatewright/dialect-gemini';
import dialectOllama from '@gatewright/dialect-ollama';
import providerAnthropic from '@gatewright/provider-anthropic';
import providerBedrock from '@gatewright/provider-bedrock';
import providerCohere from '@gatewright/provider-cohere';
import providerGemini from '@gatewright/provider-gemini';
import providerOllama from '@gatewright/provider-ollama';
import providerOpenai from '@gatewright/provider-openai';
import { inlinePlugin, startGateway, type TestGateway } from '../../e2e/gateways.ts';
import type { LabCase } from './case.ts';
import { BUDGET, observe, type Seen } from './observation.ts';
import { LabServer } from './server.ts';
import { billed } from './bill.ts';
import { FRAMES, good, TEXT } from './words.ts';
import { stream } from './reply.ts';

export interface LabVerdict {
  readonly seen: Seen;
  /** Requests to the first and to the second target. */
  readonly asked: string;
  /** Milliseconds beyond what the fault takes by itself. */
  readonly added: number;
  readonly wrong: readonly string[];
}

const PROVIDERS = {
  openai: { use: providerOpenai as Plugin, base: '/v1' },
  anthropic: { use: providerAnthropic as Plugin, base: '' },
  gemini: { use: providerGemini as Plugin, base: '/v1beta' },
  bedrock: { use: providerBedrock as Plugin, base: '', region: 'us-east-1' },
  cohere: { use: providerCohere as Plugin, base: '' },
  ollama: { use: providerOllama as Plugin, base: '' },
} as const;

/** Short enough for a test, long enough for a slow machine. */
const TIMEOUTS = { connect: 500, headers: 500, firstToken: 500, idle: 400, total: 2500 };

export class Lab {
  readonly #first: LabServer;
  readonly #second: LabServer;

  private constructor(first: LabServer, second: LabServer) {
    this.#first = first;
    this.#second = second;
  }

  static async open(): Promise<Lab> {
    return new Lab(await LabServer.start(), await LabServer.start());
  }

  async close(): Promise<void> {
    await Promise.all([this.#first.stop(), this.#second.stop()]);
  }

  async run(one: LabCase): Promise<LabVerdict> {
    const { first, second = [good(one.streamed)], streamed } = one;
    this.#first.play('url' in first ? [] : first);
    this.#second.play(second === 'none' ? [] : second);
    const outcomes: AttemptOutcome[] = [];
    const gateway = await this.#gateway(one, outcomes);
    try {
      const seen = await observe(gateway.url, streamed, one.headers ?? {});
      await gateway.record();
      const counted = [this.#first.asked.length, this.#second.asked.length];
      const asked = counted.join('+');
      const wrong = [
        ...judgeEnding(one, seen),
        ...judgeCalls(
          one,
          asked,
          this.#first.asked.map(({ at }) => at),
        ),
        ...billed(one, seen, outcomes),
        ...(await this.#judgeAfter(gateway)),
      ];
      return { seen, asked, added: seen.took - (one.own ?? 0), wrong };
    } finally {
      await gateway.close();
    }
  }

  #gateway(one: LabCase, outcomes: AttemptOutcome[]): Promise<TestGateway> {
    const { first, second, config = {}, model = {}, provider = 'openai' } = one;
    const { use, base, ...own } = PROVIDERS[provider];
    const url = 'url' in first ? first.url : this.#first.url;
    const meter = inlinePlugin('meter', ({ hooks }) =>
      hooks.meter.settle.tap((outcome) => void outcomes.push(outcome)),
    );
    const behind = second === 'none' ? {} : { fallbacks: ['backup'] };
    const all: Partial<GatewayConfig> = {
      retries: 0,
      timeouts: TIMEOUTS,
      ...config,
      models: {
        asked: { targets: ['first/lab-model'], ...behind, ...model },
        backup: { targets: ['second/lab-model'] },
        ...config.models,
      },
      plugins: [
        ...[dialectBedrock, dialectCohere, dialectGemini, dialectOllama].map((plugin) => ({ use: plugin as Plugin })),
        {
          use,
          id: 'first',
          with: { ...own, ...(provider === 'ollama' ? {} : { apiKey: 'lab-key' }), baseUrl: `${url}${base}` },
        },
        { use: providerOpenai as Plugin, id: 'second', with: { apiKey: 'lab-key', baseUrl: `${this.#second.url}/v1` } },
        ...(config.plugins ?? []),
      ],
    };
    return startGateway({ upstream: 'http://127.0.0.1:9', plugins: [meter], config: all, random: () => 0 });
  }

  /** The gateway lives, serves the next caller, and holds no connection that it does not need. */
  async #judgeAfter(gateway: TestGateway): Promise<string[]> {
    this.#second.play([stream(FRAMES)]);
    const next = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'backup', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
    const text = await next.text();
    const wrong = next.status === 200 && text.includes('[DONE]') ? [] : ['the next request was not served'];
    const { inFlight } = { inFlight: gateway.gateway.active };
    if (inFlight > 0) wrong.push(`${inFlight} exchanges are still under way`);
    return wrong;
  }
}

function judgeEnding({ ends, text = TEXT, streamed }: LabCase, seen: Seen): string[] {
  const wrong: string[] = [];
  if (seen.took >= BUDGET) wrong.push(`it took ${Math.round(seen.took)} ms`);
  // Whatever the fault: half an answer must never look like a whole one.
  if (seen.error === undefined && seen.text !== text) wrong.push(`it looks whole and says "${seen.text}"`);
  if (seen.error === undefined && seen.finish !== 'stop') wrong.push(`it ended without a finish reason`);
  if (typeof ends === 'string') {
    if (seen.error !== undefined) wrong.push(`the caller got "${seen.error}" instead of an answer`);
    if (seen.target !== undefined && seen.target !== `${ends}/lab-model`)
      wrong.push(`${seen.target} is said to have answered`);
    return wrong;
  }
  if (seen.error === undefined) return [...wrong, 'the caller got an answer, and should have got an error'];
  if (ends.says !== undefined && !ends.says.test(seen.error)) wrong.push(`the error says "${seen.error}"`);
  if ('status' in ends && seen.status !== ends.status) wrong.push(`the status is ${seen.status}, not ${ends.status}`);
  if ('breaks' in ends && streamed && seen.text !== ends.breaks) wrong.push(`before the error it says "${seen.text}"`);
  return wrong;
}

function judgeCalls({ asked, pause = 0 }: LabCase, were: string, times: readonly number[]): string[] {
  const wrong = asked === were ? [] : [`targets were asked ${were} times, not ${asked}`];
  const [one = 0, two = Infinity] = times;
  // Timers may fire a moment early.
  if (two - one < pause - 5) wrong.push(`the second try came after ${Math.round(two - one)} ms, not ${pause}`);
  return wrong;
}
