/** The outline of a body beside parsing all of it. */
import { outlineOf } from '../../core/src/json/outline.ts';
import type { MicroCase } from './micro.ts';
import { chatRequest, conversation } from './payload.ts';

export function jsonCases(): MicroCase[] {
  return [
    ...pair('1 kB, one message', chatRequest('gpt-4o', 1000), 200),
    ...pair('100 kB, one message', chatRequest('gpt-4o', 100_000), 10),
    ...pair('100 kB, many short messages and tools', conversation('gpt-4o', 100_000), 10),
    ...pair('5 MB, one message', chatRequest('gpt-4o', 5_000_000), 1),
    ...pair('5 MB, many short messages and tools', conversation('gpt-4o', 5_000_000), 1),
  ];
}

function pair(what: string, bytes: Buffer, count: number): MicroCase[] {
  return [
    {
      name: `JSON.parse, ${what}`,
      per: 'body',
      count,
      run() {
        for (let turn = 0; turn < count; turn++) JSON.parse(bytes.toString());
      },
    },
    {
      name: `outline, ${what}`,
      per: 'body',
      count,
      run() {
        for (let turn = 0; turn < count; turn++) outlineOf(bytes);
      },
    },
  ];
}
