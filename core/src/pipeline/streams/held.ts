/** Streams that are held until they are whole, for taps that want to see the answer before the client does. */
import { ChatCollector } from '../../chat/collect.ts';
import type { ChatEvent } from '../../chat/event.ts';
import type { WireReply } from '../../reply.ts';
import type { StreamWriter } from './event-writer.ts';
import { identified } from '../replies/identified.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';
import type { ReplySource } from '../replies/reply-source.ts';
import { RewriteLens } from './rewrite-lens.ts';
import type { Group } from './stream-tail.ts';
import { StreamInFlight } from './stream.ts';
import { transformResponse, type WholeReply } from '../replies/whole.ts';

/** Reads a stream to its end and runs `transform.response` on what it amounts to. Rejects where the stream is not whole. */
export async function readHeld(attempt: LiveAttempt, reply: WireReply, source: ReplySource): Promise<WholeReply> {
  const { exchange, abort } = attempt;
  const writer = new CollectingWriter();
  const stream = new StreamInFlight(exchange, reply, source, new RewriteLens(writer, source), 'hold');
  attempt.flight = stream;
  abort.listen(stream);
  await stream.committed;
  attempt.summary = stream.progress.summary;
  const response = await transformResponse(exchange, identified(writer.collector.response(), exchange), abort);
  return { summary: stream.progress.summary, chunks: undefined, response };
}

/** Writes nothing, and keeps what the events amount to. */
class CollectingWriter implements StreamWriter {
  readonly collector = new ChatCollector();
  readonly keepsBytes = false;

  push({ events }: Group): void {
    for (const event of events) this.collector.push(event);
  }

  one(event: ChatEvent): void {
    this.collector.push(event);
  }

  begin(): void {}
  letOut(): void {}
  flush(): void {}
  close(): void {}

  failure(): Buffer {
    return Buffer.alloc(0);
  }
}
