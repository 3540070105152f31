/** Characters of texts, one by one. */

/**
 * V8 has six kinds of strings. A method that was found on more than four of them is looked for anew each time it is called, for each
 * character: 5 of 125 µs that a request takes.
 */
// oxlint-disable-next-line typescript/unbound-method -- it is called with the text
const { charCodeAt } = String.prototype;

/** The code unit at a place; NaN beyond the end. For loops over characters. */
export const codeAt = (text: string, place: number): number => charCodeAt.call(text, place);
