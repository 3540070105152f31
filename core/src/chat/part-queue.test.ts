/** Whatever order parts come in, they are written one after the other, and nothing of them is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PartDeltaEvent } from './event.ts';
import { PartQueue } from './part-queue.ts';
import type { Part } from './part.ts';

/** Writes `<index`, then the texts, then `>`; refusals cannot be expressed. */
class Written extends PartQueue {
  text = '';

  protected begin(index: number, part: Part): boolean {
    if (part.type === 'refusal') return false;
    this.text += `<${index}`;
    return true;
  }

  protected add({ delta }: PartDeltaEvent): void {
    this.text += delta.kind === 'text' ? delta.text : '?';
  }

  protected finish(): void {
    this.text += '>';
  }
}

const part = (type: 'text' | 'refusal'): Part => ({ type, text: '' });
const piece = (index: number, text: string): PartDeltaEvent => ({
  type: 'part-delta',
  candidate: 0,
  index,
  delta: { kind: 'text', text },
});

test('the first is written as it comes, the others behind it', () => {
  const queue = new Written();
  queue.start(0, part('text'));
  queue.start(1, part('text'));
  queue.delta(piece(1, 'b'));
  queue.delta(piece(0, 'a'));
  expect(queue.text).toBe('<0a');
  queue.end(0);
  expect(queue.text).toBe('<0a><1b');
  queue.delta(piece(1, 'B'));
  queue.end(1);
  expect(queue.text).toBe('<0a><1bB>');
});

test('what cannot be expressed opens nothing, and those behind it are written', () => {
  const queue = new Written();
  queue.start(0, part('refusal'));
  queue.delta(piece(0, 'x'));
  queue.start(1, part('text'));
  queue.start(2, part('refusal'));
  queue.start(3, part('text'));
  queue.delta(piece(3, 'c'));
  queue.end(1);
  expect(queue.text).toBe('<1><3c');
});

test('the end of the stream ends every part', () => {
  const queue = new Written();
  queue.close();
  for (const index of [0, 1, 2]) queue.start(index, part('text'));
  queue.delta(piece(2, 'c'));
  queue.close();
  expect(queue.text).toBe('<0><1><2c>');
});

test('in any order of pieces, each part has its own', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { maxLength: 30 }),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      (places, ends) => {
        const queue = new Written();
        for (const index of [0, 1, 2, 3]) queue.start(index, part('text'));
        for (const index of places) queue.delta(piece(index, String(index)));
        for (const index of ends) queue.end(index);
        const texts = [0, 1, 2, 3].map((index) => `<${index}${places.filter((one) => one === index).join('')}>`);
        expect(queue.text).toBe(texts.join(''));
      },
    ),
  );
});
