/** Keeps credentials out of what a provider's error replies say: some providers repeat the key that they refuse. */
import type { ReplyBody, ReplySink, WireReply } from '../reply.ts';

const MASK = '[redacted]';

/** So many characters of a credential in a row give it away; what is shorter as a whole is taken for a word. */
const PIECE = 8;

/** From this length on, a value that may hold a credential is masked where it is repeated as a whole. */
const WHOLE = 16;

/** How much of an error reply is kept, in bytes. */
const LIMIT = 256 * 1024;

/**
 * A word that was shortened in the middle: by stars, by three dots, or by the character for them (here as Latin-1).
 * What is left of it is shorter than a piece; without a bound, a long word would cost the square of its length.
 */
const SHORTENED = /([\w~+/=-]{0,16})(?:\*{2,}|\.{3,}|\xe2\x80\xa6)([\w~+/=-]{0,16})/g;

/** Whether there is such a word at all: hardly ever, and it takes a tenth of the time to see that. */
const MAY_BE_SHORTENED = /\*\*|\.{3}|\xe2\x80\xa6/;

/** Beginnings of pieces are told apart by so many numbers. */
const BEGINNINGS = 1024;

export class CredentialMask {
  readonly #credentials: readonly string[];
  readonly #wholes: readonly string[];
  /** Set where a piece begins with the two characters of this number: of most texts no more is looked at. */
  readonly #begins = new Uint8Array(BEGINNINGS);
  /** Where each piece begins, per credential. */
  readonly #pieces = new Map<string, { readonly credential: string; readonly start: number }[]>();

  /**
   * @param credentials keys and tokens: pieces of them are masked, and what was shortened from them.
   * @param others values that may hold a credential, such as configured headers: masked as a whole.
   */
  constructor(credentials: readonly string[], others: readonly string[] = []) {
    this.#credentials = credentials.filter((credential) => credential.length >= PIECE);
    this.#wholes = others.filter((value) => value.length >= WHOLE);
    for (const credential of this.#credentials) {
      for (let start = 0; start + PIECE <= credential.length; start++) {
        const piece = credential.slice(start, start + PIECE);
        const places = this.#pieces.get(piece) ?? [];
        places.push({ credential, start });
        this.#pieces.set(piece, places);
        this.#begins[beginning(piece, 0)] = 1;
      }
    }
  }

  /** The reply; if it is an error, with a body that repeats no credential. */
  reply(reply: WireReply): WireReply {
    return reply.status < 400 ? reply : { ...reply, body: new MaskedBody(reply.body, this) };
  }

  /** The text without credentials. */
  text(text: string): string {
    const whole = this.#wholes.reduce((rest, value) => rest.replaceAll(value, MASK), text);
    const left = this.#withoutPieces(whole);
    if (!MAY_BE_SHORTENED.test(left)) return left;
    return left.replace(SHORTENED, (word: string, head: string, tail: string) =>
      this.#isShortened(head, tail) ? MASK : word,
    );
  }

  #withoutPieces(text: string): string {
    let masked = '';
    let done = 0;
    for (let index = 0; index + PIECE <= text.length;) {
      const length = this.#lengthAt(text, index);
      if (length === 0) index++;
      else {
        masked += text.slice(done, index) + MASK;
        index += length;
        done = index;
      }
    }
    return masked + text.slice(done);
  }

  /** How many characters from here on are a credential's, in the same order. */
  #lengthAt(text: string, index: number): number {
    if (this.#begins[beginning(text, index)] === 0) return 0;
    let longest = 0;
    for (const { credential, start } of this.#pieces.get(text.slice(index, index + PIECE)) ?? []) {
      let length = PIECE;
      while (start + length < credential.length && credential[start + length] === text[index + length]) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  #isShortened(head: string, tail: string): boolean {
    if (head.length + tail.length < 2) return false;
    return this.#credentials.some((credential) => credential.startsWith(head) && credential.endsWith(tail));
  }
}

function beginning(text: string, index: number): number {
  return (text.charCodeAt(index) * 31 + text.charCodeAt(index + 1)) % BEGINNINGS;
}

/** Error bodies are small and read whole: this one is masked when all of it is there. */
class MaskedBody implements ReplyBody {
  readonly #body: ReplyBody;
  readonly #mask: CredentialMask;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(body: ReplyBody, mask: CredentialMask) {
    this.#body = body;
    this.#mask = mask;
  }

  pipe(sink: ReplySink): void {
    this.#body.pipe({
      data: (chunk) => this.#take(chunk, sink),
      end: () => this.#finish(sink),
      error: (error) => sink.error(error),
    });
  }

  pause(): void {
    this.#body.pause();
  }

  resume(): void {
    this.#body.resume();
  }

  cancel(): void {
    this.#body.cancel();
  }

  #take(chunk: Buffer, sink: ReplySink): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < LIMIT) return;
    this.#body.cancel();
    this.#finish(sink);
  }

  #finish(sink: ReplySink): void {
    // Credentials are ASCII: in Latin-1 every other byte stays what it is.
    const text = Buffer.concat(this.#chunks).toString('latin1', 0, LIMIT);
    sink.data(Buffer.from(this.#mask.text(text), 'latin1'));
    sink.end();
  }
}
