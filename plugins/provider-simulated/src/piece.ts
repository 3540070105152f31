/** The pieces that a reply is sent in. */

/**
 * What a piece is to a reader: `opening` before any content, `content`, `stop` with the reason why the answer ends,
 * `usage` behind it, `end` for the dialect's own end marker.
 */
export type PieceKind = 'opening' | 'content' | 'stop' | 'usage' | 'end';

/** A part of a reply that is sent at one moment: in a stream, one event. */
export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
  /** Every character of the text stands for a byte. Default: the text is UTF-8. */
  readonly isBytes?: boolean;
  /** How many tokens must have been made before it can be sent. */
  readonly tokens: number;
}
