/** A frame as the other process has it. */
import { FrameReader, type FrameWriter } from './frame.ts';

export function arrived(frame: FrameWriter): FrameReader {
  const reader = new FrameReader();
  reader.add(frame.bytes);
  reader.next();
  return reader;
}
