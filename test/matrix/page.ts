/** The matrix as a page: a summary first, then what does not simply work, each with its reason. */
import type { Cell, Outcome } from './cell.ts';
import type { SurfaceDriver } from './surface.ts';
import type { UpstreamDriver } from './upstream.ts';

const INTRODUCTION = `# The matrix

Every client's dialect against every provider: each cell below was asked by the official SDK of the client's API, through a
gateway, of a server that this project did not write. It counts as working when that server received all that the client
asked, in the provider's own dialect, and the SDK decoded all that the server answered. Each case is asked twice, for a
whole answer and for a stream.

- **works**: nothing is lost in either direction.
- **told**: it works, but something has no place in the other dialect. It is left out, and the reply says so in the header
  \`x-gatewright-warning\`.
- **refused**: the gateway answers with \`GW_UNSUPPORTED\`, and the provider is not asked. With \`unsupported: drop\` on the
  model or the target, the field is left out and told instead.
- **n/a**: clients of this dialect have no words for it.

<!-- Written by \`npm run matrix -- --write\`: do not edit. -->
`;

/** Where the page is. */
export const MATRIX_PAGE = 'core/docs/matrix.md';

const MARKS = { told: 'told', refused: 'refused', 'not expressible': 'n/a', broken: 'BROKEN' } as const;

/** The whole page. */
export function matrixPage(
  cells: readonly Cell[],
  surfaces: readonly SurfaceDriver[],
  upstreams: readonly UpstreamDriver[],
): string {
  const sections = [
    `## Client × provider\n\n${summary(cells, surfaces, upstreams)}`,
    `## Clients\n\n${table(
      ['surface', 'asked by'],
      surfaces.map(({ id, sdk }) => [`\`${id}\``, `\`${sdk}\``]),
    )}`,
    listing('Broken', cells, 'broken'),
    listing('Refused', cells, 'refused'),
    listing('Left out, and told', cells, 'told'),
    notExpressible(cells),
  ];
  return [INTRODUCTION, ...sections.filter((section) => section !== '')].join('\n');
}

/** How many cells there are of each kind: `26 · 2 told · 4 refused`. */
function tally(cells: readonly Cell[]): string {
  const count = (kind: Outcome['kind']): number => cells.filter(({ outcome }) => outcome.kind === kind).length;
  const others = Object.entries(MARKS).flatMap(([kind, mark]) => {
    const found = count(kind as Outcome['kind']);
    return found === 0 ? [] : [`${found} ${mark}`];
  });
  return [String(count('works')), ...others].join(' · ');
}

function summary(
  cells: readonly Cell[],
  surfaces: readonly SurfaceDriver[],
  upstreams: readonly UpstreamDriver[],
): string {
  const rows = upstreams.map(({ id, dialect }) => [
    `\`${id}\``,
    `\`${dialect}\``,
    ...surfaces.map((surface) => tally(cells.filter((cell) => cell.surface === surface.id && cell.upstream === id))),
  ]);
  const head = ['provider', 'called in', ...surfaces.map(({ id }) => `from \`${id}\``)];
  return `${table(head, rows)}\nThe first number in a cell is what works. All together: ${tally(cells)}.\n`;
}

/** What is so for whole answers and for streams alike is said once. */
const manner = (streams: ReadonlySet<boolean>): string =>
  streams.size === 2 ? '' : streams.has(true) ? ' (streamed)' : ' (whole)';

/** By surface and upstream: whether whole, streamed, or both. */
type Pairs = Map<string, Map<string, Set<boolean>>>;

/** The cells of a kind, those with one reason together. */
function listing(title: string, cells: readonly Cell[], kind: 'broken' | 'refused' | 'told'): string {
  const rows = new Map<string, { example: string; why: string; pairs: Pairs }>();
  for (const { surface, upstream, example, stream, outcome } of cells) {
    if (outcome.kind !== kind) continue;
    const key = `${example} ${outcome.why}`;
    const row = rows.get(key) ?? { example, why: outcome.why, pairs: new Map() as Pairs };
    const to = row.pairs.get(surface) ?? new Map<string, Set<boolean>>();
    row.pairs.set(surface, to.set(upstream, (to.get(upstream) ?? new Set<boolean>()).add(stream)));
    rows.set(key, row);
  }
  if (rows.size === 0) return '';
  const lines = [...rows.values()].map(({ example, why, pairs }) => {
    const where = [...pairs].map(([from, to]) => {
      const targets = [...to].map(([upstream, streams]) => `${upstream}${manner(streams)}`);
      return `${from} → ${targets.join(', ')}`;
    });
    return [example, why, where.join('; ')];
  });
  return `## ${title}\n\n${table(['case', 'in the words of the gateway', 'where'], lines)}`;
}

function notExpressible(cells: readonly Cell[]): string {
  const seen = new Map<string, string[]>();
  for (const { surface, example, outcome } of cells) {
    if (outcome.kind === 'not expressible') seen.set(`${surface} ${example}`, [`\`${surface}\``, example, outcome.why]);
  }
  return seen.size === 0 ? '' : `## Not expressible\n\n${table(['surface', 'case', 'why'], [...seen.values()])}`;
}

/** A table that can also be read as text. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const last = head.length - 1;
  const widths = head.map((title, column) =>
    column === last ? title.length : Math.max(title.length, ...safe.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...safe.map(line)].join('\n')}\n`;
}
