/** The rule that the repository tells nothing about the machine it was written on, and holds no secrets. */
import type { Finding } from './finding.ts';
import { at } from './source.ts';
import type { TextFile } from './tree.ts';

interface Pattern {
  readonly pattern: RegExp;
  readonly message: string;
}

const PATTERNS: readonly Pattern[] = [
  {
    pattern: /(?<![\w.~$}])\/(?:work|tmp|home|root|Users|var\/folders)\/[\w.-]/g,
    message: 'names a path of one machine: make it relative, or ask os.tmpdir() or os.homedir()',
  },
  {
    pattern: /\b[A-Z]:\\{1,2}Users\\/g,
    message: 'names a path of one machine: make it relative',
  },
  {
    pattern: /"resolved":\s+"(?!https:\/\/registry\.npmjs\.org\/|core"|plugins\/|examples\/|test"|bench")[^"]*"/g,
    message: 'resolves a package from a registry that others cannot reach: only registry.npmjs.org, or none',
  },
  {
    pattern: /^(?:@[\w-]+:)?registry\s*=(?!\s*https:\/\/registry\.npmjs\.org\/?\s*$).*$/gm,
    message: 'chooses a registry for everyone: leave that to each machine',
  },
  {
    pattern: /\b(?:sk-(?:ant-|proj-)?[\w-]{40,}|AKIA[A-Z0-9]{16}|AIza[\w-]{35}|gh[pousr]_\w{36}|npm_\w{36})\b/g,
    message: 'holds what looks like a real key: revoke it, and use a made-up one that is short',
  },
  {
    pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g,
    message: 'holds a private key: make one when it is needed',
  },
];

/** Finds paths of a machine, private registries and secrets, in every text file. */
export function privateMatters(files: readonly TextFile[]): Finding[] {
  return files.flatMap((file) =>
    PATTERNS.flatMap(({ pattern, message }) =>
      [...file.text.matchAll(pattern)].map(({ index, 0: text }) =>
        at(file, index, `${message}: ${text.slice(0, 24)}…`),
      ),
    ),
  );
}
