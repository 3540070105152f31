/** Recorded requests to the provider of the other dialect: valid by its schema with all that was said, or refused by the name of a field. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACROSS, Crossing } from './crossing.ts';
import {
  readRecordings,
  RECORDINGS_ABSENCE,
  recordingsThere,
  type RecordedDialect,
  type Recording,
} from './recordings.ts';
import { SPECS_ABSENCE, specsThere, violations } from './specs.ts';

let crossing: Crossing;

beforeAll(async () => {
  crossing = await Crossing.open();
});
afterAll(async () => {
  if (fates.size > 0) process.stdout.write(table());
  await crossing.close();
});

/** How the requests of a dialect fared: how often, under what reason. */
const fates = new Map<RecordedDialect, Map<string, number>>();

function note(dialect: RecordedDialect, fate: string): void {
  const counts = fates.get(dialect) ?? new Map<string, number>();
  fates.set(dialect, counts.set(fate, (counts.get(fate) ?? 0) + 1));
}

function table(): string {
  const rows = [...fates].map(([dialect, counts]) => {
    const cells = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([fate, count]) => `    ${count} ${fate}\n`);
    return `  ${dialect} → ${ACROSS[dialect].other.replace('-request', '')}\n${cells.join('')}`;
  });
  return `\nRecorded requests to the provider of the other dialect\n${rows.join('')}`;
}

/** All that a request says: the texts of its messages, and the names of its tools. */
function words(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['content', 'text', 'name', 'system', 'arguments'].includes(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => words(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'response_format' ? [] : words(inner, name)));
}

/** Every string in a request, one after the other; arguments are JSON in a string here and JSON there. */
function everything(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  return `${JSON.stringify(value)} ${Object.values(value).map(everything).join(' ')}`;
}

/** A field without its numbers. */
const anywhere = (field: string): string => field.replaceAll(/[.[](\d+)\]?/g, '.n');

async function cross({ dialect, request = {} }: Recording): Promise<void> {
  const first = await crossing.send(dialect, request);
  if (violations(ACROSS[dialect].own, request).length > 0) {
    // What its own provider would refuse: nobody has to make sense of it, but somebody has to say so.
    expect(first.status).toBe(400);
    note(dialect, `not valid in their own dialect, refused as ${first.code}`);
    return;
  }
  if (first.status === 200) {
    expect(first.faults).toEqual([]);
    const said = everything(first.sent);
    for (const word of words(request)) expect(said).toContain(word);
    note(dialect, first.warning === null ? 'work' : `work, with the warning "${first.warning}"`);
    return;
  }
  expect(first).toMatchObject({ status: 400, sent: undefined, code: 'GW_UNSUPPORTED' });
  const field = first.field ?? 'nothing';
  note(dialect, `refused for "${anywhere(field)}", work without it`);
  const second = await crossing.send(dialect, request, true);
  expect(second).toMatchObject({ status: 200, faults: [] });
  expect(second.warning).toContain(`${field}: `);
}

const requests = readRecordings().filter(({ request }) => request !== undefined);
const absence = RECORDINGS_ABSENCE || SPECS_ABSENCE;

describe.skipIf(!recordingsThere || !specsThere)(`recorded requests${absence}`, () => {
  test.each(requests.map((recording): [string, Recording] => [recording.name, recording]))('%s', async (_name, one) => {
    await cross(one);
  });

  test('leave no cell blank: every one has its fate', () => {
    let sum = 0;
    for (const counts of fates.values()) for (const count of counts.values()) sum += count;
    expect(sum).toBe(requests.length);
    expect(fates.get('openai-chat')?.get('work')).toBeGreaterThan(80);
    expect(fates.get('anthropic-messages')?.get('work')).toBeGreaterThan(8);
  });
});
