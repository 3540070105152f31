/** Reads and changes bodies by their outline, without building what is in them. */
import type { JsonObject, RequestEdits, RequestSize, Stop, Summary } from '@gatewright/core';
import { requestSize, type Edit, type Outline } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { isObject } from './reading.ts';
import { decodeBlock, decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** A body may name the model that stands in the path; whether a stream is wanted, only the path says. */
export function readHead(body: Outline): { readonly model?: string; readonly stream: boolean } {
  const model = body.value('model');
  return { ...(typeof model === 'string' ? { model: model.replace(/^models\//, '') } : {}), stream: false };
}

/** How much may be produced; both spellings are taken. */
export function readSize(body: Outline): RequestSize {
  const settings = body.value('generationConfig') ?? body.value('generation_config');
  if (!isObject(settings)) return {};
  const maxOutput = settings['maxOutputTokens'] ?? settings['max_output_tokens'];
  return requestSize(maxOutput, settings['candidateCount'] ?? settings['candidate_count']);
}

/** Usage needs no asking in this dialect; a model's name in the body must be that of the path. */
export function editRequest(body: Outline, change: { readonly model: string }): RequestEdits {
  const edits: Edit[] = [];
  const name = `models/${change.model}`;
  const member = body.member('model');
  if (member !== undefined && body.value('model') !== name) {
    edits.push({ start: member.start, end: member.end, text: JSON.stringify(name) });
  }
  for (const key of ['generateContentRequest', 'generate_content_request']) {
    const whole = body.member(key);
    const value = whole === undefined ? undefined : body.value(key);
    if (whole === undefined || !isObject(value) || value['model'] === undefined || value['model'] === name) continue;
    edits.push({ start: whole.start, end: whole.end, text: JSON.stringify({ ...value, model: name }) });
  }
  return { edits, usageInjected: false };
}

/** The edit that makes an answer report another model; none where it reports none. */
export function editResponse(body: Outline, change: { readonly model: string }): readonly Edit[] {
  const member = body.member('modelVersion');
  if (member === undefined || body.value('modelVersion') === change.model) return [];
  return [{ start: member.start, end: member.end, text: JSON.stringify(change.model) }];
}

/** What a whole answer tells. */
export function summarize(body: Outline): Summary {
  if (body.has('error')) {
    const error = errorIn({ error: body.value('error') });
    return { error: error ?? { status: 500, message: 'The provider answered with an error and no message.' } };
  }
  const [id, model] = [body.value('responseId'), body.value('modelVersion')];
  const usage = decodeUsage(body.value('usageMetadata'));
  const stop = stopIn(body.value('candidates')) ?? decodeBlock(body.value('promptFeedback'));
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(stop === undefined ? {} : { stop }),
  };
}

/** The same of an answer, which is an error where it has no candidate. A prompt that was blocked has none either, and says so. */
export function summarizeAnswer(body: Outline): Summary {
  const summary = summarize(body);
  const candidates = body.value('candidates');
  if (summary.error !== undefined || summary.stop !== undefined) return summary;
  if (Array.isArray(candidates) && candidates.length > 0) return summary;
  return { ...summary, error: { status: 502, message: 'The provider answered without any candidate.' } };
}

/** The stop of the first candidate that has one. */
export function stopIn(candidates: unknown): Stop | undefined {
  if (!Array.isArray(candidates)) return undefined;
  for (const candidate of candidates as unknown[]) {
    if (!isObject(candidate)) continue;
    const stop = decodeStop(candidate['finishReason'], callsIn(candidate), {}, {});
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** Whether a candidate's content has calls. */
export function callsIn({ content }: JsonObject): boolean {
  const parts = isObject(content) ? content['parts'] : undefined;
  return Array.isArray(parts) && parts.some((part: unknown) => isObject(part) && isObject(part['functionCall']));
}
