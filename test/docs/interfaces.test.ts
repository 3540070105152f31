/** Tests of reading the members of an interface off its source. */
import { expect, test } from 'vitest';
import { membersOf } from './interfaces.ts';

const SOURCE = `/** Other. */
export interface Other {
  readonly no: string;
}

export interface Points<T> extends Other {
  [word: string]: unknown;
  /** One {@link Other} line. */
  readonly plain?: string;
  readonly bare: Other;
  /**
   * Two lines,
   * put together.
   */
  readonly nested: {
    /** Inside. */
    tap<O extends Operation>(
      operation: O,
      fn: (request: O) => Promise<O>,
    ): void;
    readonly deeper: { readonly [K in T]?: string };
  };
  /** Last. */
  event(event: T): readonly T[];
}
`;

test('members have their names, types and comments, and those inside theirs', () => {
  expect(membersOf(SOURCE, 'Points')).toEqual([
    { name: '[word: string]', optional: false, doc: '', type: ': unknown', members: [] },
    { name: 'plain', optional: true, doc: 'One `Other` line.', type: ': string', members: [] },
    { name: 'bare', optional: false, doc: '', type: ': Other', members: [] },
    {
      name: 'nested',
      optional: false,
      doc: 'Two lines, put together.',
      type: expect.stringContaining('{') as string,
      members: [
        {
          name: 'tap',
          optional: false,
          doc: 'Inside.',
          type: '<O extends Operation>(operation: O, fn: (request: O) => Promise<O>): void',
          members: [],
        },
        { name: 'deeper', optional: false, doc: '', type: ': { readonly [K in T]?: string }', members: [] },
      ],
    },
    { name: 'event', optional: false, doc: 'Last.', type: '(event: T): readonly T[]', members: [] },
  ]);
});

test('an interface that is not there is told', () => {
  expect(() => membersOf(SOURCE, 'Gone')).toThrow('There is no "export interface Gone {".');
});
