/** The cost of an event in each tier of a stream, beside a plain pipe. */
import type { ChatEvent } from '../../core/src/chat/event.ts';
import type { EventTransform } from '../../core/src/hooks/points.ts';
import { definePlugin } from '../../core/src/plugin.ts';
import { z } from 'zod';
import { lensCase, observer, openGateway, rewriter } from './lens-rig.ts';
import type { MicroCase } from './micro.ts';
import { chatEvents } from './payload.ts';

const CHAT = 'openai-chat';
const EVENTS = chatEvents(100);
const BURST = [Buffer.concat(EVENTS)];

const SAME: EventTransform<ChatEvent> = { event: (event) => [event], end: () => [] };

/** Taps the events of streams and changes none. */
const watcher = definePlugin({
  name: 'watcher',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.transform.event.tap('chat', () => SAME);
  },
});

export async function streamCases(): Promise<MicroCase[]> {
  const plain = await openGateway();
  const tapped = await openGateway([watcher]);
  return [
    pipe(),
    ...[EVENTS, BURST].flatMap((chunks) => [
      lensCase(`observe${manner(chunks)}`, chunks, EVENTS.length, observer(plain, CHAT)),
      lensCase(
        `rewrite, one tap that changes nothing${manner(chunks)}`,
        chunks,
        EVENTS.length,
        rewriter(tapped, CHAT, CHAT),
      ),
    ]),
  ];
}

const manner = (chunks: readonly Buffer[]): string => (chunks === BURST ? ', all in one chunk' : ', a chunk each');

function pipe(): MicroCase {
  return {
    name: 'plain pipe, a chunk each',
    per: 'event',
    count: EVENTS.length,
    run() {
      const out: Buffer[] = [];
      for (const chunk of EVENTS) out.push(chunk);
    },
  };
}
