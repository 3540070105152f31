/** Refuses chats with words that must not leave the house, and hides them in answers. */
import { definePlugin, GatewayError, type ChatEvent, type EventTransform, type Part } from '@gatewright/core';
import { z } from 'zod';
import { Words } from './words.ts';

const options = z.strictObject({
  words: z
    .array(z.string().min(1))
    .min(1)
    .describe('Words that no request may hold, in capital letters or small ones.'),
  mask: z.string().default('[hidden]').describe('Stands in answers where such a word was.'),
});

export default definePlugin({
  name: '@my-scope/my-guard',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: {
    hooks: ['transform.request', 'transform.response', 'transform.event'],
    reads: 'neutral',
    mutates: true,
    network: [],
  },
  setup({ hooks }, options) {
    const words = new Words(options.words, options.mask);
    hooks.transform.request.tap('chat', (request) => {
      if (request.messages.some(({ parts }) => parts.some((part) => textsOf(part).some((text) => words.isIn(text))))) {
        throw new GatewayError('GW_BAD_REQUEST', 'The request holds a word that must not leave the house.');
      }
      return request;
    });
    hooks.transform.response.tap('chat', (response) => ({
      ...response,
      candidates: response.candidates.map((candidate) => ({
        ...candidate,
        parts: candidate.parts.map((part) => (part.type === 'text' ? { ...part, text: words.hide(part.text) } : part)),
      })),
    }));
    hooks.transform.event.tap('chat', () => hiding(words));
  },
});

/** All text in a part; results of tools have parts of their own. */
function textsOf(part: Part): string[] {
  if (part.type === 'text') return [part.text];
  if (part.type === 'tool-result') return part.parts.flatMap(textsOf);
  return part.type === 'tool-call' ? [part.arguments] : [];
}

/** One stream: what could be the beginning of a word is kept back until more is there, for each part on its own. */
function hiding(words: Words): EventTransform<ChatEvent> {
  const kept = new Map<string, string>();
  return {
    event(event) {
      if (event.type !== 'part-delta' && event.type !== 'part-end') return [event];
      const { candidate, index } = event;
      const key = `${candidate} ${index}`;
      const before = kept.get(key) ?? '';
      const delta = (text: string): ChatEvent => {
        return { type: 'part-delta', candidate, index, delta: { kind: 'text', text } };
      };
      if (event.type === 'part-end') {
        kept.delete(key);
        return before === '' ? [event] : [delta(words.hide(before)), event];
      }
      if (event.delta.kind !== 'text') return [event];
      const { ready, rest } = words.split(before + event.delta.text);
      kept.set(key, rest);
      return ready === '' ? [] : [delta(ready)];
    },
    // Everything was let out at the ends of the parts.
    end: () => [],
  };
}
