/** Faults of a reply that has begun well: silence, breaks, errors inside, missing and broken parts. */
import type { Delivery } from './delivery.ts';
import type { Fault, FaultContext } from './faults.ts';
import type { Piece, PieceKind } from './piece.ts';

const SLOW_FIRST_TOKEN = 3000;
const INSIDE = { status: 500, message: 'A simulated error inside a reply that began well.' };

export const STREAM_FAULTS: readonly Fault[] = [
  {
    form: 'slow-first-token[-MS]',
    pattern: /^slow-first-token(?:-(\d{1,6}))?$/,
    what: 'After the head, the first content of a stream takes MS milliseconds more (3000).',
    change: (delivery, n) => ({ ...delivery, pause: Number.isNaN(n) ? SLOW_FIRST_TOKEN : n }),
  },
  {
    form: 'no-finish',
    pattern: /^no-finish$/,
    what: 'The reply has no stop reason.',
    change: (delivery, _n, { stream }) =>
      stream ? { ...delivery, pieces: without(delivery.pieces, 'stop') } : rewritten(delivery, withoutReason),
  },
  {
    form: 'no-end-marker',
    pattern: /^no-end-marker$/,
    what: "The stream ends without the dialect's own end marker.",
    change: (delivery) => ({ ...delivery, pieces: without(delivery.pieces, 'end') }),
  },
  {
    form: 'malformed-event',
    pattern: /^malformed-event$/,
    what: 'In the middle of the stream there is an event that is no JSON; a whole reply is no JSON either.',
    change: (delivery, _n, { stream, wire }) => {
      if (!stream) return rewritten(delivery, (text) => text.replace(':', ''));
      const pieces = upToMiddle(delivery, true);
      const rest = delivery.pieces.slice(pieces.length);
      return { ...delivery, pieces: [...pieces, piece(wire.malformedEvent), ...rest] };
    },
  },
  {
    form: 'error-before-content',
    pattern: /^error-before-content$/,
    what: 'Status 200, but an error where the content should begin.',
    change: (delivery, _n, context) => errorInside(delivery, context, opening(delivery.pieces)),
  },
  {
    form: 'error-mid-stream',
    pattern: /^error-mid-stream$/,
    what: 'An error in the middle of the stream; a whole reply has status 200 and an error as its body.',
    change: (delivery, _n, context) => errorInside(delivery, context, upToMiddle(delivery, true)),
  },
  {
    form: 'empty-stream',
    pattern: /^empty-stream$/,
    what: 'Status 200 and a clean end, without a single byte.',
    change: (delivery) => ({ ...delivery, pieces: [] }),
  },
  {
    form: 'truncated-json',
    pattern: /^truncated-json$/,
    what: 'A clean end in the middle of a piece of JSON.',
    change: (delivery, _n, { stream }) => ({ ...delivery, pieces: upToMiddleOfEvent(delivery, stream) }),
  },
  {
    form: 'cut-before-content',
    pattern: /^cut-before-content$/,
    what: 'The connection breaks after the head, before any content.',
    change: (delivery, _n, { stream }) => ({
      ...delivery,
      pieces: stream ? opening(delivery.pieces) : [],
      ending: 'cut',
    }),
  },
  {
    form: 'cut-mid-stream',
    pattern: /^cut-mid-stream$/,
    what: 'The connection breaks between two events in the middle of the stream.',
    change: (delivery, _n, { stream }) => ({ ...delivery, pieces: upToMiddle(delivery, stream), ending: 'cut' }),
  },
  {
    form: 'cut-mid-event',
    pattern: /^cut-mid-event$/,
    what: 'The connection breaks inside an event.',
    change: (delivery, _n, { stream }) => ({ ...delivery, pieces: upToMiddleOfEvent(delivery, stream), ending: 'cut' }),
  },
  {
    form: 'hang-mid-stream',
    pattern: /^hang-mid-stream$/,
    what: "The reply goes silent half way; the target's `idle` timeout ends it.",
    change: (delivery, _n, { stream }) => ({ ...delivery, pieces: upToMiddle(delivery, stream), ending: 'silence' }),
  },
];

function piece(text: string): Piece {
  return { kind: 'content', text, tokens: 0 };
}

function without(pieces: readonly Piece[], kind: PieceKind): Piece[] {
  return pieces.filter((piece) => piece.kind !== kind);
}

function opening(pieces: readonly Piece[]): Piece[] {
  return pieces.filter(({ kind }) => kind === 'opening');
}

/** A stream up to the middle of its content, at least one event of it; a whole reply up to the middle of its bytes. */
function upToMiddle({ pieces }: Delivery, stream: boolean): Piece[] {
  if (!stream) return pieces.map((piece) => half(piece));
  const contents = pieces.flatMap(({ kind }, index) => (kind === 'content' ? [index] : []));
  const middle = contents[Math.floor((contents.length - 1) / 2)];
  return middle === undefined ? [...pieces] : pieces.slice(0, middle + 1);
}

function upToMiddleOfEvent(delivery: Delivery, stream: boolean): Piece[] {
  const pieces = upToMiddle(delivery, stream);
  const next = delivery.pieces[pieces.length];
  return next === undefined ? pieces : [...pieces, half(next)];
}

function half(piece: Piece): Piece {
  return { ...piece, text: piece.text.slice(0, Math.ceil(piece.text.length / 2)) };
}

/** Errors come fast: a whole reply does not wait for an answer that it will not have. */
function errorInside(delivery: Delivery, { stream, wire }: FaultContext, begun: readonly Piece[]): Delivery {
  if (!stream) return { ...delivery, wait: 0, pieces: [piece(wire.failure(INSIDE))] };
  return { ...delivery, pieces: [...begun, piece(wire.failureEvent(INSIDE))] };
}

function rewritten(delivery: Delivery, rewrite: (text: string) => string): Delivery {
  return { ...delivery, pieces: delivery.pieces.map((piece) => ({ ...piece, text: rewrite(piece.text) })) };
}

/** Quotes inside JSON texts are escaped, so this finds only the field itself. */
function withoutReason(text: string): string {
  return text.replaceAll(/"(finish|stop)_reason":"\w+"/gu, '"$1_reason":null');
}
