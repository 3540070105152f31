/** Ids of tool calls, in the characters and the length that this dialect allows. */
import { createHash } from 'node:crypto';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html */
const MAX_LENGTH = 64;

const ALLOWED = /^[a-zA-Z0-9_-]+$/;

/** Other providers' ids may have other characters, or more of them: call and result get the same new one. */
export function toolId(id: string, own: boolean): string {
  if (own || (id.length <= MAX_LENGTH && ALLOWED.test(id))) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${id.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_LENGTH - 17)}_${hash}`;
}
