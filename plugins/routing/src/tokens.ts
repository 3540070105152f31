/** How many tokens a request is taken for before a provider has counted them. */

/** Text has about four bytes to a token, which is what limits and budgets reckon with as well. */
export const BYTES_PER_TOKEN = 4;
