/** Frames over a pipe between two processes. */
import type { Socket } from 'node:net';
import { FrameReader, FrameWriter } from './frame.ts';

/** Where a worker finds its end of the pipe: behind what all processes have, and Node's own. */
export const FRAMES_FD = 4;

export class FramePipe {
  readonly #socket: Socket;
  /** Those that were sent, to be written again. */
  readonly #free: FrameWriter[] = [];

  /** `take` reads a frame before it returns; `closed` is told once all were taken that had come. */
  constructor(socket: Socket, take: (frame: FrameReader) => void, closed: () => void) {
    const reader = new FrameReader();
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      reader.add(bytes);
      while (reader.next()) take(reader);
    });
    // What it ended by is told by the end of the process on the other side.
    socket.on('error', () => undefined);
    socket.on('close', closed);
    socket.unref();
  }

  /** An empty frame, to be sent. */
  frame(): FrameWriter {
    return this.#free.pop() ?? new FrameWriter();
  }

  /** Where the other side is gone, nothing is sent. */
  send(frame: FrameWriter): void {
    this.#socket.write(frame.bytes, () => {
      frame.clear();
      this.#free.push(frame);
    });
  }
}
