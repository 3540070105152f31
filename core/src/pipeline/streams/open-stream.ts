/** Starts reading streamed replies: each in the lightest tier that taps and policies allow. */
import type { ChatEvent } from '../../chat/event.ts';
import type { EventDecoder } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { WireReply } from '../../reply.ts';
import type { Target } from '../../route.ts';
import { EventWriter } from './event-writer.ts';
import type { Lens } from './lens.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { ObserveLens } from './observe-lens.ts';
import type { ReplySource } from '../replies/reply-source.ts';
import { Rescue } from './rescue.ts';
import { RewriteLens } from './rewrite-lens.ts';
import { SplicedDecoder, type Joining } from './splice.ts';
import { StreamInFlight } from './stream.ts';

/** What happens where a stream breaks. */
export interface StreamPolicy {
  readonly rescue: Target['rescue'];
  /** How this target was asked to go on with what another began. */
  readonly joining?: Joining | undefined;
}

const PLAIN: StreamPolicy = { rescue: 'error' };

/** Starts reading a streamed reply, in the lightest tier that the taps allow. */
export function openStream(
  exchange: LiveExchange,
  reply: WireReply,
  source: ReplySource,
  policy: StreamPolicy = PLAIN,
): StreamInFlight {
  const client = exchange.dialect?.codec.stream;
  if (client === undefined || source.dialect.codec.stream === undefined) {
    reply.body.cancel();
    throw new GatewayError('GW_BAD_REQUEST', 'This operation cannot be streamed.', { param: 'stream' });
  }
  const { rescue: broken } = exchange;
  if (broken !== undefined) return new StreamInFlight(exchange, reply, source, spliced(broken, source, policy), broken);
  const observe = exchange.dialect === source.dialect && exchange.hooks.event.length === 0;
  const resumes = policy.rescue === 'resume' && exchange.operation === 'chat';
  if (observe && !resumes) {
    return new StreamInFlight(exchange, reply, source, new ObserveLens(exchange, client, source), policy.rescue);
  }
  const writer = new EventWriter(exchange, client, source);
  if (!resumes) return new StreamInFlight(exchange, reply, source, new RewriteLens(writer, source), policy.rescue);
  const rescue = new Rescue(writer, exchange.request());
  const lens = new RewriteLens(writer, source, { delivered: rescue.delivered });
  return new StreamInFlight(exchange, reply, source, lens, rescue);
}

/** Reads an answer that goes on where another broke off. */
function spliced({ writer, delivered }: Rescue, source: ReplySource, { joining = 'replay' }: StreamPolicy): Lens {
  const splice = (decoder: EventDecoder<ChatEvent>): SplicedDecoder => new SplicedDecoder(decoder, delivered, joining);
  return new RewriteLens(writer, source, { delivered, splice });
}
