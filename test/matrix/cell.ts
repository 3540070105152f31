/** One cell of the matrix: a case asked through a surface of an upstream, and what came of it. */
import { factsAnswered, factsAsked, isUsage, type Case } from './conversation.ts';
import type { Play } from './play.ts';
import { asJson } from './reader.ts';
import type { SurfaceDriver } from './surface.ts';
import type { UpstreamDriver } from './upstream.ts';

export type Outcome =
  /** The upstream received all of it, and the SDK decoded all of the answer. */
  | { readonly kind: 'works' }
  /** It works, but for something that is left out, and said. */
  | { readonly kind: 'told'; readonly why: string }
  /** The gateway's own `GW_UNSUPPORTED`. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Clients of this surface cannot say it. */
  | { readonly kind: 'not expressible'; readonly why: string }
  /** A silent loss, another answer, another error. */
  | { readonly kind: 'broken'; readonly why: string };

export interface Cell {
  readonly surface: string;
  readonly upstream: string;
  readonly example: string;
  readonly stream: boolean;
  readonly outcome: Outcome;
}

/** Fills one cell. */
export async function fill(
  play: Play,
  surface: SurfaceDriver,
  upstream: UpstreamDriver,
  example: Case,
  stream: boolean,
): Promise<Cell> {
  const outcome = await outcomeOf(play, surface, upstream, example, stream);
  return { surface: surface.id, upstream: upstream.id, example: example.id, stream, outcome };
}

async function outcomeOf(
  play: Play,
  surface: SurfaceDriver,
  upstream: UpstreamDriver,
  example: Case,
  stream: boolean,
): Promise<Outcome> {
  const cannot = surface.inexpressible[example.id];
  if (cannot !== undefined) return { kind: 'not expressible', why: cannot };
  play.reset();
  let decoded: readonly string[];
  try {
    decoded = await surface.ask(example, { url: play.url, model: upstream.id, stream });
  } catch (error) {
    return refusal(play, error);
  }
  const { record, received } = await play.exchange();
  const [request] = received;
  const tellsUsage = upstream.tellsUsage?.(stream) ?? true;
  const isTold = (one: string): boolean => tellsUsage || !isUsage(one);
  const answer = upstream.answers?.(example.answer, stream) ?? example.answer;
  if (request === undefined || received.length > 1) return broken(`the upstream was asked ${received.length} times`);
  const lost = [
    ...missing(factsAsked(example.asks, stream), upstream.read(asJson(request.body), request.path)),
    ...missing(factsAnswered(answer).filter(isTold), decoded.filter(isTold)).map((one) => `answer: ${one}`),
  ];
  const warnings = record.warnings.map(({ field, reason }) => `${field}: ${reason}`);
  if (lost.length === 0) return warnings.length === 0 ? { kind: 'works' } : { kind: 'told', why: warnings.join('; ') };
  // What was added, or is in another order, no warning excuses.
  const silent = lost.some((one) => /^(answer: )?(added|order)/.test(one)) || warnings.length < lost.length;
  return silent ? broken(lost.join('; ')) : { kind: 'told', why: warnings.join('; ') };
}

/** The SDK's error must be the gateway's refusal, in its own words, before anybody was asked. */
async function refusal(play: Play, error: unknown): Promise<Outcome> {
  const shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { record, received } = await play.exchange();
  if (record.error?.code !== 'GW_UNSUPPORTED') return broken(`${shown} (${record.error?.code ?? record.result})`);
  const why = record.error.message.replace(/^\S+ cannot express /, '');
  if (received.length > 0) return broken(`refused, though the upstream was asked: ${why}`);
  if (record.status !== 400) return broken(`refused with the status ${record.status}: ${why}`);
  const quoted = why.replaceAll('"', '\\"');
  return shown.includes(why) || shown.includes(quoted) ? { kind: 'refused', why } : broken(`the SDK says: ${shown}`);
}

const broken = (why: string): Outcome => ({ kind: 'broken', why });

/** What is wrong with the facts that were found. */
function missing(expected: readonly string[], found: readonly string[]): string[] {
  const lost = expected.filter((one) => !found.includes(one)).map((one) => `lost ${one}`);
  const added = found.filter((one) => !expected.includes(one)).map((one) => `added ${one}`);
  if (lost.length + added.length > 0) return [...lost, ...added];
  const same = expected.length === found.length && expected.every((one, index) => one === found[index]);
  return same ? [] : [`order ${found.join(' | ')}`];
}
