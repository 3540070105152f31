/** Changes to bytes at known offsets, so that a body need not be parsed and written again. */

/** Replaces the bytes from `start` up to, not including, `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes with the edits made. Without edits it is the same buffer, not a copy. Edits must not overlap. */
export function applyEdits(bytes: Buffer, edits: readonly Edit[]): Buffer {
  return edits.length === 0 ? bytes : Buffer.concat(editedPieces(bytes, edits));
}

/** The same as pieces, of which those that nobody edited are not copied. */
export function editedPieces(bytes: Buffer, edits: readonly Edit[]): Buffer[] {
  const ordered = edits.length === 1 ? edits : [...edits].sort((a, b) => a.start - b.start);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const edit of ordered) {
    pieces.push(bytes.subarray(from, edit.start), Buffer.from(edit.text));
    from = edit.end;
  }
  pieces.push(bytes.subarray(from));
  return pieces;
}
