/** Judges which versions of the plugin contract a plugin was written for. */

type Version = readonly [major: number, minor: number, patch: number];

const PART = /^(\^|~|>=|<)?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;

/** Whether `version` (`1.2.3`) lies in `range`: `^1`, `~1.2`, `1.2.3`, `>=1 <3`, joined by `||`. Undefined where the range cannot be read. */
export function inRange(version: string, range: string): boolean | undefined {
  const have = version.split('.').map(Number) as [number, number, number];
  const choices = range.split('||').map((choice) =>
    choice
      .trim()
      .split(/\s+/)
      .map((part) => within(have, part)),
  );
  if (choices.flat().includes(undefined)) return undefined;
  return choices.some((parts) => parts.every(Boolean));
}

function within(have: Version, part: string): boolean | undefined {
  const match = PART.exec(part);
  if (!match) return undefined;
  const [, operator, major = '0', minor, patch] = match;
  const low: Version = [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
  if (operator === '<') return compare(have, low) < 0;
  if (compare(have, low) < 0) return false;
  if (operator === '>=') return true;
  if (operator === '^' && low[0] > 0) return have[0] === low[0];
  const sameMinor = have[0] === low[0] && (minor === undefined || have[1] === low[1]);
  return sameMinor && (operator !== undefined || patch === undefined || have[2] === low[2]);
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
