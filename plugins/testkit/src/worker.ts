/** A service as the workers of a gateway have it, whose owner lives in the primary process. */
import { deserialize, serialize } from 'node:v8';
import { FrameReader, FrameWriter, type RemoteService, type Served, type ServiceLink } from '@gatewright/core';

export interface WorkerSide<T> {
  /** The service as a worker uses it. */
  readonly service: T;
  /** The primary's side; close it as the end of the worker's process does. */
  readonly served: Served;
}

/** Both sides in one process; what goes between them is copied as it is between two. */
export function inWorker<T>(remote: RemoteService<T>, service: T): WorkerSide<T> {
  const listeners = new Map<string, Set<(value: never) => void>>();
  const served = remote.serve(service, (topic, value) => {
    for (const listener of listeners.get(topic) ?? []) listener(copy(value) as never);
  });
  const link: ServiceLink = {
    call: async <R>(method: string, ...args: readonly unknown[]) => copy(await served.call(method, copy(args))) as R,
    frame: () => new FrameWriter(),
    ask(frame, answered, failed) {
      const answers = new FrameWriter();
      try {
        served.answer?.(arrived(frame), answers);
      } catch (error) {
        return failed(error as Error);
      }
      // As between two processes, the answer does not come in the step that asks.
      setImmediate(() => answered(arrived(answers)));
    },
    on(topic, listener) {
      const list = listeners.get(topic) ?? new Set();
      listeners.set(topic, list.add(listener));
      return () => list.delete(listener);
    },
  };
  return { service: remote.connect(link), served };
}

function arrived(frame: FrameWriter): FrameReader {
  const reader = new FrameReader();
  reader.add(frame.bytes);
  reader.next();
  return reader;
}

/** As Node copies what one process sends another. */
function copy<V>(value: V): V {
  return deserialize(serialize(value)) as V;
}
