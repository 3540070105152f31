/** All columns of the matrix on the client's side. A new surface is one entry, and one driver. */
import type { SurfaceDriver } from './surface.ts';
import { anthropicMessages } from './surfaces/anthropic-messages.ts';
import { bedrockConverse } from './surfaces/bedrock-converse.ts';
import { cohereChat } from './surfaces/cohere-chat.ts';
import { geminiGenerate } from './surfaces/gemini-generate.ts';
import { ollamaChat } from './surfaces/ollama-chat.ts';
import { openaiChat } from './surfaces/openai-chat.ts';
import { openaiResponses } from './surfaces/openai-responses.ts';

export const SURFACES: readonly SurfaceDriver[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  geminiGenerate,
  bedrockConverse,
  cohereChat,
  ollamaChat,
];
