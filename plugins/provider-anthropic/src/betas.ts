/** The `anthropic-beta` header: a list of names, wherever they come from, each once. */

/** Joins names and comma-separated lists of them; undefined where there are none. */
export function mergeBetas(configured: readonly string[], ...lists: (string | undefined)[]): string | undefined {
  const names = new Set(configured);
  for (const list of lists) {
    for (const name of list?.split(',') ?? []) if (name.trim() !== '') names.add(name.trim());
  }
  return names.size === 0 ? undefined : [...names].join(',');
}
