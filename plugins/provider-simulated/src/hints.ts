/** Guesses what a field of a tool's arguments is for, by its name, and finds a value for it in what the user wrote. */

/** Values for a name, the best first. They need not fit the schema. */
export function textsFor(name: string, question: string): string[] {
  const found = FIELDS.find(({ names }) => names.test(name));
  const label =
    name === ''
      ? 'value'
      : name
          .replaceAll(/([a-z\d])([A-Z])/gu, '$1 $2')
          .replaceAll(/[_-]+/gu, ' ')
          .toLowerCase();
  return [...(found?.from(question) ?? []), ...(found?.samples ?? []), `simulated ${label}`];
}

/** Numbers for a name, the best first. */
export function numbersFor(name: string, question: string): number[] {
  const written = question.match(/-?\d+(?:\.\d+)?/gu)?.map(Number) ?? [];
  const sample = NUMBERS.find(({ names }) => names.test(name))?.sample;
  return sample === undefined ? [...written, 1] : [...written, sample, 1];
}

interface Field {
  readonly names: RegExp;
  readonly from: (question: string) => string[];
  readonly samples: readonly string[];
}

const matches =
  (pattern: RegExp) =>
  (question: string): string[] =>
    [...question.matchAll(pattern)].map((match) => match[1] ?? match[0]);

const nothing = (): string[] => [];

/** A name after a word such as “in”; else any name but the first word of a sentence. */
function places(question: string): string[] {
  const behind = matches(/\b(?:in|at|to|from|for|of|near)\s+((?:\p{Lu}[\p{L}'-]*)(?:\s+\p{Lu}[\p{L}'-]*)*)/gu)(
    question,
  );
  const inside = matches(/(?<=[\p{L},;]\s)(\p{Lu}[\p{Ll}'-]+(?:\s\p{Lu}[\p{Ll}'-]+)*)/gu)(question);
  return [...behind, ...inside];
}

const FIELDS: readonly Field[] = [
  { names: /e-?mail/iu, from: matches(/[\w.+-]+@[\w-]+\.[\w.-]*\w/gu), samples: ['ada@example.com'] },
  { names: /url|uri|link|href/iu, from: matches(/https?:\/\/[^\s<>"]+/gu), samples: ['https://example.com/'] },
  {
    names: /city|town|location|place|country|region|address|destination|origin/iu,
    from: places,
    samples: ['Paris'],
  },
  { names: /expression|formula|equation/iu, from: matches(/[\d(][\d\s().+*/^-]*[\d)]/gu), samples: ['1 + 1'] },
  { names: /date|^day$|since|until/iu, from: matches(/\d{4}-\d{2}-\d{2}/gu), samples: ['2026-01-15'] },
  { names: /^time$|_time$|hour/iu, from: matches(/\b\d{1,2}:\d{2}\b/gu), samples: ['12:00'] },
  { names: /time_?zone|^tz$/iu, from: nothing, samples: ['Europe/Paris'] },
  { names: /unit/iu, from: nothing, samples: ['celsius'] },
  { names: /currency/iu, from: nothing, samples: ['EUR'] },
  { names: /lang|locale/iu, from: nothing, samples: ['en'] },
  { names: /colou?r/iu, from: nothing, samples: ['blue'] },
  { names: /path|file/iu, from: matches(/[\w./-]+\.\w{1,5}\b/gu), samples: ['notes.txt'] },
  {
    names: /query|question|search|^q$|prompt|text|message|content|input|topic|subject|keyword|term|task|request/iu,
    from: (question) => (question.trim() === '' ? [] : [question.trim()]),
    samples: [],
  },
  { names: /name|person|user|author|customer/iu, from: places, samples: ['Ada Lovelace'] },
  { names: /(^|_)id$|Id$/u, from: matches(/#?\b([A-Z]*-?\d{2,})\b/gu), samples: ['id-1'] },
];

const NUMBERS: readonly { readonly names: RegExp; readonly sample: number }[] = [
  { names: /lat/iu, sample: 48.86 },
  { names: /lon|lng/iu, sample: 2.35 },
  { names: /year/iu, sample: 2026 },
  { names: /age/iu, sample: 36 },
  { names: /score|confidence|probability|ratio/iu, sample: 0.5 },
  { names: /price|cost|amount/iu, sample: 9.5 },
  { names: /count|limit|max|top|days|number|quantity/iu, sample: 3 },
];
