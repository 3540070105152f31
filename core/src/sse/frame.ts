/** One event of a server-sent event stream, as a view on the bytes that arrived. */

/** Views are valid only while the frame is being looked at: the splitter uses one object for a whole stream. */
export interface Frame {
  /** The `event:` field, or '' where there is none. */
  readonly event: string;
  /** The data as Latin-1: one character a byte, made for cheap searches of ASCII marks. */
  readonly ascii: string;
  /** The data as text. */
  text(): string;
  /** The data parsed as JSON. Throws SyntaxError. */
  json(): unknown;
  /** What stands in the frame before its data and behind it, where the data is one line: of frames of one form it is the same. */
  readonly around?: readonly [before: string, behind: string] | undefined;
  /** Set by an observer that answers `Sight.REPLACE`: the data to forward instead. */
  replacement: string;
}

/**
 * Asked before a frame is read: where it ends if it can go by unseen, -1 where it must be seen. The bytes as Latin-1, one
 * character each, and the place in them where it begins.
 */
export type FramePasser = (ascii: string, at: number) => number;

/** Told of each frame, with the offsets in the splitter's `bytes` of all that belongs to it, its end included. */
export type FrameListener = (frame: Frame, start: number, end: number) => void;
