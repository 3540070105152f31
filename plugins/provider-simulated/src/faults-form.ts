/** Habits of real providers that are no faults, but that a reader of streams must bear. */
import type { Fault } from './faults.ts';
import type { Piece } from './piece.ts';

export const FORM_FAULTS: readonly Fault[] = [
  {
    form: 'comments',
    pattern: /^comments$/,
    what: 'The stream has comment lines between its events.',
    change: (delivery, _n, { stream }) =>
      stream ? { ...delivery, pieces: delivery.pieces.flatMap((piece) => [comment(piece), piece]) } : delivery,
  },
  {
    form: 'crlf',
    pattern: /^crlf$/,
    what: 'The lines of the stream end in CR LF.',
    change: (delivery, _n, { stream }) =>
      stream ? { ...delivery, pieces: delivery.pieces.map((piece) => rewritten(piece, toCrlf)) } : delivery,
  },
  {
    form: 'no-last-newline',
    pattern: /^no-last-newline$/,
    what: 'The last event of the stream lacks its blank line.',
    change: (delivery) => ({
      ...delivery,
      pieces: delivery.pieces.map((piece, index, all) =>
        index === all.length - 1 ? rewritten(piece, (text) => text.trimEnd()) : piece,
      ),
    }),
  },
  {
    form: 'one-byte',
    pattern: /^one-byte$/,
    what: 'The reply arrives one byte at a time.',
    change: (delivery) => ({ ...delivery, chunk: 1 }),
  },
];

function comment({ kind }: Piece): Piece {
  return { kind, text: ': the simulated model is busy\n\n', tokens: 0 };
}

function rewritten(piece: Piece, rewrite: (text: string) => string): Piece {
  return { ...piece, text: rewrite(piece.text) };
}

function toCrlf(text: string): string {
  return text.replaceAll(/\r?\n/gu, '\r\n');
}
