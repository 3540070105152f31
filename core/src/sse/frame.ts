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
  /** Set by an observer that answers `Sight.REPLACE`: the data to forward instead. */
  replacement: string;
}

/** Told of each frame, with the offsets in the splitter's `bytes` of all that belongs to it, its end included. */
export type FrameListener = (frame: Frame, start: number, end: number) => void;
