/** Options of the command line that may be given more than once. */

/** Gathers the values of one option, in their order. */
export const repeated = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
