/** Streamed images: pictures on the way, then the whole one, each in a named event; there is no end marker. */
import {
  GatewayError,
  NO_USAGE,
  Sight,
  type ChatEvent,
  type EventDecoder,
  type EventEncoder,
  type ImagePart,
  type JsonObject,
  type StreamCodec,
  type StreamEncodeContext,
  type StreamObserver,
  type Summary,
  type Usage,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { encodeErrorFrame } from '../error-body.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { ownFields, unknownFields } from '../rest.ts';
import { errorInside, errorOfFrame } from '../upstream-error.ts';
import { IMAGES } from './dialect-id.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

const STOP = { reason: 'stop' } as const;
const KNOWN: ReadonlySet<string> = new Set(['type', 'b64_json', 'usage']);

/** What a frame says: its data, and whether it has a picture on the way or the whole one. */
interface Picture {
  readonly data: JsonObject;
  readonly whole: boolean;
}

function pictureOf(data: unknown): Picture | undefined {
  if (!isObject(data) || typeof data['b64_json'] !== 'string') return undefined;
  const type = textOf(data['type']) ?? '';
  if (type.endsWith('.completed')) return { data, whole: true };
  return type.endsWith('.partial_image') ? { data, whole: false } : undefined;
}

function errorIn(frame: Frame, data: unknown): ReturnType<typeof errorInside> {
  if (frame.event === 'error') return errorOfFrame(data);
  return isObject(data) ? errorInside(data) : undefined;
}

/** Models that tell no tokens are billed by the image. */
function usageOf(data: JsonObject): Usage {
  return decodeUsage(data['usage']) ?? { ...NO_USAGE, units: { images: 1 } };
}

class ImagesObserver implements StreamObserver {
  readonly summary: Writable<Summary> = {};

  see(frame: Frame): number {
    if (frame.ascii === '') return Sight.NOTHING;
    let data: unknown;
    try {
      data = frame.json();
    } catch {
      return Sight.MALFORMED;
    }
    const error = errorIn(frame, data);
    if (error !== undefined) {
      this.summary.error = error;
      return Sight.ERROR;
    }
    const picture = pictureOf(data);
    if (picture === undefined) return Sight.NOTHING;
    if (!picture.whole) return Sight.CONTENT;
    this.summary.usage = usageOf(picture.data);
    this.summary.stop = STOP;
    return Sight.CONTENT | Sight.STOP;
  }
}

class ImagesDecoder implements EventDecoder<ChatEvent> {
  #next = 0;
  #stopped = false;

  push(frame: Frame): readonly ChatEvent[] {
    if (frame.ascii === '') return [];
    const data = frame.json();
    const error = errorIn(frame, data);
    if (error !== undefined) return [{ type: 'error', status: error.status, message: error.message }];
    const picture = pictureOf(data);
    if (picture === undefined) return [{ type: 'opaque', dialect: IMAGES, event: frame.event, value: data }];
    return picture.whole
      ? this.#whole(picture.data)
      : this.#part({ type: 'opaque', dialect: IMAGES, value: picture.data });
  }

  end(): readonly ChatEvent[] {
    return [{ type: 'end' }];
  }

  #whole(data: JsonObject): ChatEvent[] {
    const mediaType = `image/${textOf(data['output_format']) ?? 'png'}`;
    const source = { kind: 'base64' as const, mediaType, data: String(data['b64_json']) };
    const rest = { dialect: IMAGES, fields: unknownFields(data, KNOWN) };
    const events: ChatEvent[] = [
      { type: 'usage', usage: usageOf(data) },
      ...this.#part({ type: 'image', source, rest }),
    ];
    if (!this.#stopped) events.push({ type: 'stop', candidate: 0, stop: STOP });
    this.#stopped = true;
    return events;
  }

  #part(part: Extract<ChatEvent, { type: 'part-start' }>['part']): ChatEvent[] {
    const place = { candidate: 0, index: this.#next++ };
    return [
      { type: 'part-start', ...place, part },
      { type: 'part-end', ...place },
    ];
  }
}

class ImagesEncoder implements EventEncoder<ChatEvent> {
  readonly #name: string;
  #created = 0;
  #usage: Usage | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  push(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        this.#created = event.created ?? 0;
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'part-start':
        if (event.part.type === 'image') return this.#whole(event.part);
        return event.part.type === 'opaque' && event.part.dialect === IMAGES ? frameOf(event.part.value) : '';
      case 'opaque':
        return event.dialect === IMAGES && isObject(event.value) ? frameOf(event.value) : '';
      case 'error':
        return `event: error\ndata: ${JSON.stringify({ error: { message: event.message, type: event.errorType ?? 'server_error', param: null, code: event.code ?? null } })}\n\n`;
      default:
        return '';
    }
  }

  #whole({ source, rest }: ImagePart): string {
    if (source.kind !== 'base64') {
      throw new GatewayError(
        'GW_UPSTREAM_INVALID',
        'A streamed image has its bytes in it, and the answer has an address.',
      );
    }
    const usage = this.#usage === undefined ? undefined : encodeUsage(this.#usage);
    return frameOf({
      type: `${this.#name}.completed`,
      b64_json: source.data,
      created_at: this.#created,
      size: 'auto',
      quality: 'auto',
      background: 'auto',
      output_format: source.mediaType.slice(source.mediaType.indexOf('/') + 1),
      ...ownFields(rest, IMAGES),
      ...(usage === undefined ? {} : { usage }),
    });
  }
}

function frameOf(data: Readonly<JsonObject>): string {
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The stream codec of the events that begin with a name: `image_generation`, `image_edit`. */
export function imageStream(name: string): StreamCodec<'images'> & StreamCodec<'image-edit'> {
  return {
    decoder: () => new ImagesDecoder(),
    encoder: (_context: StreamEncodeContext) => new ImagesEncoder(name),
    observer: () => new ImagesObserver(),
    endFrames: '',
    encodeError: (error) => `event: error\n${encodeErrorFrame(error)}`,
  };
}
