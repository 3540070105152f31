/** Tests of type-checking blocks, first on planted ones, then on those of the documents. */
import { afterAll, expect, test } from 'vitest';
import { readTree } from '../house/tree.ts';
import { blocksOf, isDocument, type Block } from './blocks.ts';
import { typeErrors } from './typecheck.ts';
import { Workshop } from './workshop.ts';

const planted = new Workshop('typecheck-planted');
const documents = new Workshop('typecheck');
afterAll(() => {
  planted.remove();
  documents.remove();
});

const block = (line: number, text: string, file?: string): Block => ({
  path: 'plugins/x/README.md',
  line,
  language: 'ts',
  run: false,
  text,
  ...(file === undefined ? {} : { file }),
});

/** Milliseconds for the compiler, on a machine that is busy. */
const PATIENCE = 120_000;

test(
  'an error is told at its line of the document; blocks may await, repeat names and import each other',
  () => {
    const blocks = [
      block(10, "import { definePlugin } from '@gatewright/core';\nconst a: number = 'text';\n"),
      block(20, "import { a } from './other.ts';\nconst b: number = a;\nawait Promise.resolve(b);\n"),
      block(30, 'export const a = 1;\nconst b = 2;\n', 'other.ts'),
      block(40, "import gone from '@gatewright/gone';\n"),
    ];
    const errors = typeErrors(blocks, planted);
    expect(errors).toHaveLength(2);
    expect(errors[0]).toContain('plugins/x/README.md:11 error TS2322');
    expect(errors[1]).toContain('plugins/x/README.md:40 error TS2307');
  },
  PATIENCE,
);

test(
  'the TypeScript in the documents compiles',
  () => {
    const blocks = readTree().filter(isDocument).flatMap(blocksOf);
    const found = blocks.filter((one) => one.language === 'ts');
    expect(found.length === 0 ? [] : typeErrors(found, documents)).toEqual([]);
  },
  PATIENCE,
);
