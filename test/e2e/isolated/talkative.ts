/** A plugin for tests, that does what its options say, in a thread of its own. */
import { definePlugin, GatewayError } from '@gatewright/core';
import { z } from 'zod';

let calls = 0;

function misbehave(how: string): void {
  if (how === 'block') for (;;);
  if (how === 'throw') throw new Error('planted');
  if (how === 'refuse') throw new GatewayError('GW_FORBIDDEN', 'Not today.', { param: 'messages' });
  if (how === 'fill') {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index));
  }
  if (how === 'crash')
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
}

export default definePlugin({
  name: 'test-talkative',
  version: '1.0.0',
  engine: '^1',
  id: 'talkative',
  options: z.strictObject({
    word: z.string().default('!').describe('What is put behind every message.'),
    setup: z.string().optional().describe('How setup misbehaves.'),
    uses: z.string().optional().describe('What setup asks for that is not for it.'),
  }),
  setup(context, { word, setup = '', uses }) {
    misbehave(setup);
    if (uses === 'event')
      context.hooks.transform.event.tap('chat', () => ({ event: (event) => [event], end: () => [] }));
    if (uses === 'reserve') context.hooks.meter.reserve.tap(() => undefined);
    if (uses === 'http') context.http.use(() => undefined);
    if (uses === 'route') context.http.route('GET', '/x', () => undefined);
    if (uses === 'slot') context.slot();
    context.hooks.transform.request.tap('chat', async (request, exchange) => {
      const last = request.messages.at(-1);
      const [part] = last?.parts ?? [];
      const said = part?.type === 'text' ? part.text : '';
      misbehave(said);
      if (said === 'same') return request;
      if (said === 'in place') Object.assign(request, { model: 'changed' });
      if (said === 'spawn') await exchange.spawn(request, { cause: 'test' });
      if (said === 'log') context.log.warn('a line of the thread', { call: ++calls });
      const text = `${said}${word} ${exchange.identity.key} ${exchange.operation}`;
      return { ...request, messages: [{ role: 'user', parts: [{ type: 'text', text }] }] };
    });
    context.hooks.route.tap((route) => ({ ...route, targets: route.targets.toReversed() }));
    context.hooks.transform.response.tap('chat', (response) => ({ ...response, model: `seen-${response.model}` }));
    context.hooks.log.tap((record) => context.log.info(`logged ${record.model} ${record.status}`));
    context.hooks.meter.settle.tap((outcome, attempt) => {
      context.log.info(`settled ${attempt.target.id} ${outcome.result} ${outcome.usage?.output}`);
    });
  },
});
