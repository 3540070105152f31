/** The public API of every package is the one that was reviewed. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { declarationsOf } from './declarations.ts';
import { published, reportName, reportOf, REPORTS } from './report.ts';

describe('the report of each package is that of what was built; "npm run api" writes it anew', () => {
  for (const folder of published()) {
    const report = reportOf(folder);
    test.skipIf(report === undefined)(`${folder}${report === undefined ? ' (skipped: not built)' : ''}`, () => {
      const path = join(REPORTS, reportName(folder));
      expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(report);
    });
  }

  test('and there is none of a package that is gone', () => {
    expect(readdirSync(REPORTS).toSorted()).toEqual(published().map(reportName).toSorted());
  });
});

describe('declarations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-api-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test('are followed through files, and named where they come from elsewhere', () => {
    write(
      'inner.d.ts',
      '/** Says. */\nexport interface Inner {\n    /** A. */\n    readonly a: string;\n}\nexport type Other = 1;\n',
    );
    const path = write(
      'index.d.ts',
      "export type * from './inner.ts';\nexport { z } from 'zod';\ndeclare const _default: { b: 2 };\nexport default _default;\nexport { Other as Another } from './inner.ts';\n",
    );
    expect(declarationsOf(path)).toEqual([
      { name: 'Another', text: 'type Other = 1;' },
      { name: 'Inner', text: 'interface Inner {\n    readonly a: string;\n}' },
      { name: 'Other', text: 'type Other = 1;' },
      { name: 'default', text: 'const _default: { b: 2 };' },
      { name: 'z', text: "from 'zod'" },
    ]);
  });

  test('a changed signature changes the text, a changed comment does not', () => {
    const before = declarationsOf(write('a.d.ts', '/** One. */\nexport declare function f(a: string): void;\n'));
    const same = declarationsOf(write('b.d.ts', '/** Two. */\nexport declare function f(a: string): void;\n'));
    const other = declarationsOf(write('c.d.ts', '/** One. */\nexport declare function f(a: number): void;\n'));
    expect(same).toEqual(before);
    expect(other).not.toEqual(before);
  });
});
