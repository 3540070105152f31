/** What chats can have, thing by thing: the words in which a dialect declares what it expresses. */

/** The things that requests can have. */
export const REQUEST_FEATURES = {
  system: 'a system prompt',
  developer: 'a prompt of the developer',
  'system-later': 'a system prompt in the middle of the conversation',
  'participant-name': 'names of participants',
  'image-data': 'an image as data',
  'image-url': 'an image by URL',
  'image-detail': 'how closely to look at an image',
  'pdf-data': 'a PDF as data',
  'pdf-url': 'a PDF by URL',
  'text-document': 'a text document',
  'document-title': 'the title of a document',
  'audio-data': 'sound as data',
  'file-id': 'a file by the id that another provider gave it',
  'refusal-history': 'a refusal of an earlier turn',
  'reasoning-history': "another provider's reasoning of an earlier turn",
  tool: 'a tool',
  'strict-tool': 'a tool whose schema is strict',
  'tool-call': 'a tool call of an earlier turn',
  'broken-arguments': 'a tool call whose arguments are not JSON',
  'tool-result': 'the result of a tool',
  'tool-result-image': 'an image in the result of a tool',
  'tool-error': 'that a tool failed',
  'choice-required': 'that some tool must be called',
  'choice-tool': 'that one tool must be called',
  'choice-none': 'that no tool may be called',
  'one-tool-at-a-time': 'that tools are called one at a time',
  'json-answer': 'JSON without a schema as the answer',
  'schema-answer': 'a JSON Schema for the answer',
  'reasoning-effort': 'how much to think, in words',
  'reasoning-budget': 'how much to think, in tokens',
  'reasoning-off': 'not to think',
  stop: 'stop sequences',
  'many-stops': 'six stop sequences',
  'max-output': 'a limit on the output',
  temperature: 'temperature up to 1',
  'high-temperature': 'temperature above 1',
  'top-p': 'top_p',
  'top-k': 'top_k',
  seed: 'a seed',
  'presence-penalty': 'a presence penalty',
  'frequency-penalty': 'a frequency penalty',
  candidates: 'several answers',
  logprobs: 'log probabilities',
  'end-user': 'the id of an end user',
  metadata: 'metadata',
  'service-tier': 'the service tier `flex`',
  'cache-mark': 'cache marks',
  'foreign-tool': "a server-side tool of another provider's",
  'foreign-field': 'a field that only another dialect knows',
} as const;

export type RequestFeature = keyof typeof REQUEST_FEATURES;

/** The things that answers can have. */
export const ANSWER_FEATURES = {
  text: 'text',
  'several-texts': 'several texts',
  refusal: 'a refusal',
  reasoning: 'reasoning',
  'reasoning-signature': "the signature of another provider's reasoning",
  'reasoning-redacted': "another provider's reasoning that nobody may read",
  'tool-calls': 'tool calls',
  audio: 'sound',
  citations: 'citations in the form of another provider',
  'foreign-part': 'a part that only another dialect knows',
  'several-answers': 'several answers',
  logprobs: 'log probabilities',
  'stop-length': 'that the output limit was met',
  'stop-sequence': 'which stop sequence was met',
  'stop-filter': 'that a filter cut the answer',
  'cached-tokens': 'how many tokens were read from a cache',
  'cache-writes': 'how many tokens were written to a cache',
  'reasoning-tokens': 'how many tokens were reasoning',
} as const;

export type AnswerFeature = keyof typeof ANSWER_FEATURES;

/**
 * What becomes of a thing of a request that is to be written in a dialect.
 * - `written`: read back, it is the same.
 * - `reworded`: it is written as near as the dialect can say it.
 * - `refused`: the codec calls `unsupported`, so that the request is refused, or the thing dropped where the configuration
 *   says so.
 * - `told`: it is left out or changed, and the codec says so with `warn`.
 */
export type RequestFate = 'written' | 'reworded' | 'refused' | 'told';

/**
 * What becomes of a thing of an answer, in a stream where that is less than in a whole answer. Nothing is refused here:
 * what a codec calls `unsupported` is dropped, and told. `unsaid` is what only informs and has no place.
 */
export type AnswerFate = 'written' | 'reworded' | 'told' | 'unsaid';

/** What a dialect of chats makes of what other dialects can say; a test holds each declaration against the codec. */
export interface ChatExpression {
  readonly request: Readonly<Record<RequestFeature, RequestFate>>;
  readonly answer: Readonly<Record<AnswerFeature, AnswerFate>>;
}
