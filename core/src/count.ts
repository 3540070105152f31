/** Numbers of things, as people say them. */

/** `1 plugin`, `3 plugins`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
