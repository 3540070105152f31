/** Where each recorded answer comes from, and which dialect it is in. */

/** Who answered, and in which dialect. */
export interface Origin {
  readonly dialect: string;
  /** What the price catalogue calls the provider. */
  readonly provider: string;
}

/** Folders of bodies without requests. The first that fits a path counts. */
export const FOLDERS: readonly (readonly [RegExp, Origin])[] = [
  [/^vercel-ai\/openai\/chat\//, { dialect: 'openai-chat', provider: 'openai' }],
  [/^vercel-ai\/openai\/responses\//, { dialect: 'openai-responses', provider: 'openai' }],
  [/^vercel-ai\/openai\/completion\//, { dialect: 'openai-completions', provider: 'openai' }],
  [/^vercel-ai\/openai\/embedding\//, { dialect: 'openai-embeddings', provider: 'openai' }],
  [/^vercel-ai\/openai\/image\//, { dialect: 'openai-images', provider: 'openai' }],
  [/^vercel-ai\/(openai|groq|mistral)\/.*transcription/, { dialect: 'openai-transcriptions', provider: 'openai' }],
  [/^vercel-ai\/azure\/azure-deepseek/, { dialect: 'openai-chat', provider: 'azure' }],
  [/^vercel-ai\/azure\//, { dialect: 'openai-responses', provider: 'azure' }],
  [/^vercel-ai\/open-responses\//, { dialect: 'openai-responses', provider: 'openai' }],
  [/^vercel-ai\/xai\/responses\//, { dialect: 'openai-responses', provider: 'x-ai' }],
  [/^vercel-ai\/xai\//, { dialect: 'openai-chat', provider: 'x-ai' }],
  [/^vercel-ai\/deepseek\//, { dialect: 'openai-chat', provider: 'deepseek' }],
  [/^vercel-ai\/groq\//, { dialect: 'openai-chat', provider: 'groq' }],
  [/^vercel-ai\/mistral\//, { dialect: 'openai-chat', provider: 'mistral' }],
  [/^vercel-ai\/moonshotai\//, { dialect: 'openai-chat', provider: 'moonshotai' }],
  [/^vercel-ai\/perplexity\//, { dialect: 'openai-chat', provider: 'perplexity' }],
  [/^vercel-ai\/openai-compatible\/chat\/xai/, { dialect: 'openai-chat', provider: 'x-ai' }],
  [/^vercel-ai\/(alibaba|openai-compatible)\//, { dialect: 'openai-chat', provider: 'openai' }],
  [/^vercel-ai\/anthropic\//, { dialect: 'anthropic-messages', provider: 'anthropic' }],
  [/^vercel-ai\/amazon-bedrock\//, { dialect: 'bedrock-converse', provider: 'aws' }],
  [/^vercel-ai\/google\//, { dialect: 'gemini-generate', provider: 'google' }],
  [/^vercel-ai\/cohere\/cohere-embedding/, { dialect: 'cohere-embed', provider: 'cohere' }],
  [/^vercel-ai\/(cohere|togetherai)\/reranking\//, { dialect: 'cohere-rerank', provider: 'cohere' }],
  [/^vercel-ai\/voyage\/reranking\//, { dialect: 'voyage-rerank', provider: 'voyage' }],
  [/^vercel-ai\/cohere\//, { dialect: 'cohere-chat', provider: 'cohere' }],
];

/** Paths of recorded requests. */
export const PATHS: readonly (readonly [RegExp, string])[] = [
  [/\/chat\/completions/, 'openai-chat'],
  [/\/responses/, 'openai-responses'],
  [/\/completions/, 'openai-completions'],
  [/\/v1\/embeddings/, 'openai-embeddings'],
  [/\/moderations/, 'openai-moderation'],
  [/\/images\/generations/, 'openai-images'],
  [/\/images\/edits/, 'openai-image-edits'],
  [/\/images\/variations/, 'openai-image-variations'],
  [/\/audio\/transcriptions/, 'openai-transcriptions'],
  [/\/audio\/translations/, 'openai-translations'],
  [/\/v1\/messages\/count_tokens/, 'anthropic-count-tokens'],
  [/\/v1\/messages/, 'anthropic-messages'],
  [/\/model\/[^/]+\/converse/, 'bedrock-converse'],
  [/:(stream)?[gG]enerateContent/, 'gemini-generate'],
  [/:embedContent/, 'gemini-embed'],
  [/:batchEmbedContents/, 'gemini-batch-embed'],
];

/** The providers of recorded requests, by their folders. */
export const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/dd-trace-js\/anthropic\//, 'anthropic'],
  [/dd-trace-js\/bedrock-runtime\//, 'aws'],
  [/dd-trace-js\/genai\//, 'google'],
  [/dd-trace-js\/deepseek\//, 'deepseek'],
  [/dd-trace-js\/azure-openai\/|envoy-ai-gateway\/azure/, 'azure'],
  [/./, 'openai'],
];

/** What is recorded and in no dialect that a gateway speaks, each with why. */
export const UNSPOKEN: readonly (readonly [RegExp, string])[] = [
  [/^README\.md$/, 'says what the folder has'],
  [/\/skills\//, 'skills are kept with one provider'],
  [/speech-translation/, 'realtime sessions'],
  [/google\/interactions\//, "Google's interactions, which keep their state with the provider"],
  [/amazon-bedrock\/reranking\//, "Bedrock's agents have an API of their own"],
  [/voyage-embedding/, 'tokens are counted in a way that the price catalogue does not read'],
  [/google-vertex\/.*embedding/, "Vertex AI's predictions of before its embedContent"],
  [/groq-transcription-text/, 'a note of what came, and not what came'],
  [/_invoke(-with-response-stream)?_post/, "InvokeModel has each vendor's own bodies"],
  [/openai_(models|files|fine_tuning)_/, 'files, fine-tuning and models stay where they are'],
];
