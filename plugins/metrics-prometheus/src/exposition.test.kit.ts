/** Reads Prometheus' text format as its own specification says, and complains of whatever is not in it. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;

/** All samples of a text. Throws where a line is none, a metric has no type, or a sample stands twice. */
export function samplesOf(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('The text does not end with a line end.');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type !== null) {
      if (types.has(type[1] as string)) throw new Error(`Two types: ${line}`);
      types.set(type[1] as string, type[2] as string);
    } else if (line !== '' && !/^# HELP \S+ .+$/.test(line)) {
      const sample = sampleOf(line);
      const family = sample.name.replace(/_(bucket|sum|count)$/, '');
      if (!types.has(sample.name) && types.get(family) !== 'histogram' && types.get(family) !== 'summary') {
        throw new Error(`No type: ${line}`);
      }
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).map(String).sort()]);
      if (seen.has(key)) throw new Error(`Twice: ${line}`);
      seen.add(key);
      samples.push(sample);
    }
  }
  return samples;
}

function sampleOf(line: string): Sample {
  const match = SAMPLE.exec(line);
  if (match === null) throw new Error(`No sample: ${line}`);
  const [, name = '', inner = '', number = ''] = match;
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inner.length) {
    const label = LABEL.exec(inner);
    if (label === null) throw new Error(`No labels: ${line}`);
    labels[label[1] as string] = (label[2] as string).replace(/\\(.)/g, (_all, char: string) =>
      char === 'n' ? '\n' : char,
    );
  }
  const value = number === '+Inf' ? Infinity : Number(number);
  // Prometheus reads it in any case; the process has such figures before it has measured.
  if (Number.isNaN(value) && !/^nan$/i.test(number)) throw new Error(`No value: ${line}`);
  return { name, labels, value };
}

/** The value of the one sample that has this name and these labels among its own; undefined where there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found.length > 1) throw new Error(`${found.length} samples of ${name}.`);
  return found[0]?.value;
}
