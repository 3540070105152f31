/** What servers of the API serve: operations, the dialects that they are asked for in, and the endpoints of those. */
import type { ProviderOperation, ProviderOptions } from '@gatewright/core';
import { adjustmentFor, type Quirks } from './quirks.ts';

/** The operations that a server may have. */
export const OPERATIONS = [
  'chat',
  'completions',
  'embeddings',
  'moderation',
  'images',
  'image-edit',
  'image-variation',
  'speech',
  'transcription',
  'translation',
  'rerank',
] as const;

/** What a server may serve: operations, and `responses`, which is chat in another dialect. */
export const SERVED = [...OPERATIONS, 'responses'] as const;

export type ServedOperation = (typeof SERVED)[number];

/** What a server is taken to serve that nobody said anything of: what most have. Texts are continued by chatting. */
export const USUAL: readonly ServedOperation[] = [
  'chat',
  'embeddings',
  'moderation',
  'images',
  'speech',
  'transcription',
];

/** Paths behind the base URL, by dialect. That of chat may be configured. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  'openai-responses': '/responses',
  'openai-responses-kept': '/responses',
  'openai-completions': '/completions',
  'openai-embeddings': '/embeddings',
  'openai-embeddings-float': '/embeddings',
  'openai-moderation': '/moderations',
  'openai-images': '/images/generations',
  'openai-image-edits': '/images/edits',
  'openai-image-variations': '/images/variations',
  'openai-speech': '/audio/speech',
  'openai-transcriptions': '/audio/transcriptions',
  'openai-translations': '/audio/translations',
  'cohere-rerank': '/rerank',
  'voyage-rerank': '/rerank',
};

/** The path behind the base URL that speaks a dialect. */
export function endpointOf(dialect: string, chatPath: string): string {
  return ENDPOINTS[dialect] ?? chatPath;
}

/** How the operations are served. */
export function operationsOf(served: readonly ServedOperation[], quirks: Quirks): ProviderOptions['operations'] {
  const adjust = adjustmentFor(quirks);
  const streamUsage = quirks.streamUsage ?? true;
  const chat = { dialect: 'openai-chat', streamUsage, ...(adjust === undefined ? {} : { adjust }) };
  const responses = { dialect: 'openai-responses' };
  const spoken = served.includes('responses') ? (served.includes('chat') ? [chat, responses] : responses) : chat;
  const all: { readonly [O in (typeof OPERATIONS)[number]]: NonNullable<ProviderOptions['operations'][O]> } = {
    chat: spoken,
    completions: { dialect: 'openai-completions', streamUsage },
    embeddings: { dialect: quirks.floatEmbeddings === true ? 'openai-embeddings-float' : 'openai-embeddings' },
    moderation: { dialect: 'openai-moderation' },
    images: { dialect: 'openai-images' },
    'image-edit': { dialect: 'openai-image-edits' },
    'image-variation': { dialect: 'openai-image-variations' },
    speech: { dialect: 'openai-speech' },
    transcription: { dialect: 'openai-transcriptions' },
    translation: { dialect: 'openai-translations' },
    rerank: rerankWith(quirks),
  };
  const kept = served.includes('responses') ? { kept: { dialect: 'openai-responses-kept' } } : {};
  return { ...Object.fromEntries(served.map(operationOf).map((name) => [name, all[name]])), ...kept };
}

/** OpenAI has no rerank: servers that have one take after Cohere's, or after Voyage's. */
function rerankWith({ dataRerank: top }: Quirks): ProviderOperation {
  if (top === undefined) return { dialect: 'cohere-rerank' };
  if (top === 'top_k') return { dialect: 'voyage-rerank' };
  const adjust = adjustmentFor({ renameFields: { top_k: top } });
  return { dialect: 'voyage-rerank', ...(adjust === undefined ? {} : { adjust }) };
}

const operationOf = (name: ServedOperation): (typeof OPERATIONS)[number] => (name === 'responses' ? 'chat' : name);
