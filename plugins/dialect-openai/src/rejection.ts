/** Requests that servers reject for what is in them: too long for the model, or filtered. Each says it in its own words. */

/**
 * `OpenAI`, `DeepSeek`, vLLM: "maximum context length is"; Mistral: "too large for model with 32768 maximum context length";
 * SGLang: "longer than the model's context length"; xAI: "maximum prompt length is"; llama.cpp: "exceeds the available
 * context size"; LM Studio: "context length of only 4096 tokens"; Together: "`inputs` tokens + `max_new_tokens` must be";
 * Groq: "reduce the length of the messages"; Fireworks, Moonshot: "prompt is too long", "exceeded model token limit";
 * Alibaba: "Range of input length should be".
 */
const TOO_LONG = [
  /(?:maximum|model's|available|exceeds?(?: the)?) (?:context|prompt) (?:length|size|window)/i,
  /context length of only/i,
  /`?inputs`? tokens \+ `?max_new_tokens`? must be/i,
  /reduce the length of the (?:messages|prompt|input)/i,
  /prompt is too long|exceeded model token limit/i,
  /range of input length should be/i,
  /input length exceeds/i,
];

/** Azure: "content management policy"; OpenAI: "safety system"; xAI: "usage guidelines"; DeepSeek: "Content Exists Risk"; Alibaba: "inappropriate content". */
const FILTERED = [
  /content management policy|responsible ?AI ?policy/i,
  /(?:rejected|blocked|flagged) (?:by|as a result of) (?:our|the) (?:safety system|content (?:filter|moderation))/i,
  /content exists risk/i,
  /(?:violates?|violation of) (?:our |the )?(?:usage (?:guidelines|policies)|content policy)/i,
  /may contain inappropriate content/i,
];

/** What others call what OpenAI calls otherwise. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['exceed_context_size_error', 'context_length_exceeded'],
  ['ResponsibleAIPolicyViolation', 'content_filter'],
  ['data_inspection_failed', 'content_filter'],
  ['DataInspectionFailed', 'content_filter'],
]);

/**
 * The code by which clients know such a rejection: `context_length_exceeded` or `content_filter`. A code that says as much
 * already, such as `content_policy_violation`, stays; so does one that says how fast requests come. Undefined: it is none.
 */
export function rejectionCode(status: number, message: string, code?: string, type?: string): string | undefined {
  const known = SYNONYMS.get(code ?? '') ?? SYNONYMS.get(type ?? '');
  if (known !== undefined) return known;
  if (status >= 500 || status === 429 || code === 'rate_limit_exceeded' || /content|context/.test(code ?? ''))
    return code;
  if (TOO_LONG.some((words) => words.test(message))) return 'context_length_exceeded';
  return FILTERED.some((words) => words.test(message)) ? 'content_filter' : code;
}
