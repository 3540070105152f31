/** All columns of the matrix on the client's side. A new surface is one entry, and one driver. */
import type { SurfaceDriver } from './surface.ts';
import { anthropicMessages } from './surfaces/anthropic-messages.ts';
import { bedrockConverse } from './surfaces/bedrock-converse.ts';
import { cohereChat } from './surfaces/cohere-chat.ts';
import { geminiGenerate } from './surfaces/gemini-generate.ts';
import { openaiChat } from './surfaces/openai-chat.ts';

export const SURFACES: readonly SurfaceDriver[] = [
  openaiChat,
  anthropicMessages,
  geminiGenerate,
  bedrockConverse,
  cohereChat,
];
