/** Finds out what a codec really makes of a thing that other dialects can say. */
import { collect, Sight, spread } from '@gatewright/core';
import type {
  AnswerFate,
  RequestFate,
  ChatEvent,
  ChatResponse,
  Codec,
  Dialect,
  EncodeContext,
  JsonObject,
  StreamCodec,
} from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import type { AnswerProbe } from './answer-probes.ts';
import type { RequestProbe } from './request-probes.ts';

/** A model whose dialects have all that they can have. */
const MODEL = 'claude-model';

export type Fate = RequestFate | AnswerFate;

/** What a codec did, and what it said to a reader who lets everything pass. */
export interface Finding {
  readonly fate: Fate;
  /** `field: reason`, one for each complaint. */
  readonly said: readonly string[];
}

interface Listener extends EncodeContext {
  readonly refused: string[];
  readonly told: string[];
}

function listener(): Listener {
  const refused: string[] = [];
  const told: string[] = [];
  return {
    model: MODEL,
    refused,
    told,
    unsupported: (field, reason) => void refused.push(`${field}: ${reason}`),
    warn: (field, reason) => void told.push(`${field}: ${reason}`),
  };
}

/** JSON without what only says where a thing came from. */
const bare = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (['rest', 'origin', 'raw'].includes(key) ? undefined : inner)) ?? '';

function judge(heard: Listener, isWritten: boolean, isSame: () => boolean): Finding {
  const said = [...heard.refused, ...heard.told];
  if (heard.refused.length > 0) return { fate: 'refused', said };
  if (heard.told.length > 0) return { fate: 'told', said };
  if (!isWritten) return { fate: 'unsaid', said };
  return { fate: isSame() ? 'written' : 'reworded', said };
}

/** What the codec makes of the thing in a request. */
export function tryRequest({ codec }: Dialect<'chat'>, probe: RequestProbe): Finding {
  const heard = listener();
  const body = codec.encodeRequest(probe.with, heard);
  const isWritten = JSON.stringify(body) !== JSON.stringify(codec.encodeRequest(probe.without, listener()));
  return judge(heard, isWritten, () => {
    const back = codec.decodeRequest(parsed(body), { headers: {}, model: MODEL, stream: false });
    return bare(probe.look(back)) === bare(probe.look(probe.with));
  });
}

/** What the codec makes of the thing in an answer: in a whole one or in a stream, where that is less. */
export function tryAnswer({ codec }: Dialect<'chat'>, probe: AnswerProbe): Finding {
  const ways = [tryWay(probe, whole(codec)), tryWay(probe, streamed(codec))];
  const order: readonly Fate[] = ['unsaid', 'told', 'reworded', 'written'];
  return ways.toSorted((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate))[0] as Finding;
}

/** A way that answers take: how they are written, and how they are read. */
interface Way {
  write(response: ChatResponse, heard: Listener): Buffer;
  read(bytes: Buffer): ChatResponse;
}

function tryWay(probe: AnswerProbe, way: Way): Finding {
  const heard = listener();
  const bytes = way.write(probe.with, heard);
  const isWritten = !bytes.equals(way.write(probe.without, listener()));
  const found = judge(heard, isWritten, () => bare(probe.look(way.read(bytes))) === bare(probe.look(probe.with)));
  return found.fate === 'refused' ? { ...found, fate: 'told' } : found;
}

const whole = (codec: Codec<'chat'>): Way => ({
  write: (response, heard) => Buffer.from(JSON.stringify(codec.encodeResponse(response, heard))),
  read: (bytes) => codec.decodeResponse(JSON.parse(bytes.toString()) as JsonObject),
});

const streamed = ({ stream }: Codec<'chat'>): Way => {
  if (stream === undefined) throw new Error('The dialect has no streams.');
  return {
    write: (response, heard) => {
      const encoder = stream.encoder({ ...heard, usage: true, requestId: 'r1' });
      return Buffer.concat(spread(response).map((event) => Buffer.from(encoder.push(event))));
    },
    read: (bytes) => gathered(stream, bytes),
  };
};

function gathered(stream: StreamCodec<'chat'>, bytes: Buffer): ChatResponse {
  const decoder = stream.decoder();
  const observer = stream.observer({ dropUsage: false });
  const events: ChatEvent[] = [];
  const take = (frame: Frame): void => {
    if ((observer.see(frame) & Sight.MALFORMED) !== 0) throw new Error('A frame is malformed.');
    events.push(...decoder.push(frame));
  };
  const splitter = stream.splitter?.(take) ?? new SseSplitter(take);
  splitter.push(bytes);
  splitter.end();
  return collect([...events, ...decoder.end()]);
}

const parsed = (body: JsonObject): JsonObject => JSON.parse(JSON.stringify(body)) as JsonObject;
