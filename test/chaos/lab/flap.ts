/** A provider that comes and goes for a minute: how often it is asked, and what callers see. */
import health from '@gatewright/health';
import type { Plugin } from '@gatewright/core';
import providerOpenai from '@gatewright/provider-openai';
import { ManualClock } from '@gatewright/testkit';
import { post, startGateway } from '../../e2e/gateways.ts';
import { failure } from './reply.ts';
import { LabServer } from './server.ts';
import { good } from './words.ts';

export interface FlapReport {
  /** How many callers got a whole answer. */
  readonly answered: number;
  /** How often the provider was asked while it was away. */
  readonly wasted: number;
  /** How often it answered in the ten seconds after it had recovered for good. */
  readonly recovered: number;
}

/** Callers in the minute, and in the time after it; one each second. */
export const FLAPPING = 60;
export const CALM = 90;

/** Five seconds away, five seconds there; time is the test's own. */
const isAway = (second: number): boolean => second < FLAPPING && second % 10 < 5;

export async function flap(): Promise<FlapReport> {
  const [first, second] = [await LabServer.start(), await LabServer.start()];
  let now = 0;
  let wasted = 0;
  first.play(() => {
    if (isAway(now)) wasted++;
    return isAway(now) ? failure(503, 'down') : good(false);
  });
  second.play([good(false)]);
  const clock = new ManualClock();
  const provider = (id: string, { url }: LabServer) => ({
    use: providerOpenai as Plugin,
    id,
    with: { apiKey: 'lab-key', baseUrl: `${url}/v1` },
  });
  const gateway = await startGateway({
    upstream: 'http://127.0.0.1:9',
    clock,
    random: () => 0,
    config: {
      retries: 0,
      models: { asked: { targets: ['first/m'], fallbacks: ['backup'] }, backup: { targets: ['second/m'] } },
      plugins: [
        provider('first', first),
        provider('second', second),
        { use: health as Plugin, with: { failures: 2, pause: '2s', longest: '20s' } },
      ],
    },
  });
  let [answered, recovered] = [0, 0];
  for (; now < FLAPPING + CALM; now++) {
    const before = first.asked.length;
    const request = { model: 'asked', messages: [{ role: 'user', content: 'hi' }] };
    const response = await post(`${gateway.url}/v1/chat/completions`, request);
    if (response.status === 200) answered++;
    await response.text();
    if (now >= FLAPPING + CALM - 10) recovered += first.asked.length - before;
    clock.advance(1000);
  }
  await gateway.close();
  await Promise.all([first.stop(), second.stop()]);
  return { answered, wasted, recovered };
}
