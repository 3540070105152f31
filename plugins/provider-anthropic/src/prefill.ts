/** Which of Anthropic's models go on with the beginning of an answer. */

/** `claude-3-5-sonnet-…`, `claude-2.1`, `claude-sonnet-4-5-…`: the generation and, from 4 on, the number behind it. */
const VERSION = /^claude-(?:[a-z]+-)?(\d+)(?:[-.](\d{1,2})(?!\d))?/;

/**
 * Models up to 4.5 continue a last message of the assistant's; from 4.6 on the API refuses one with status 400
 * (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
 */
export function prefill(model: string): 'continues' | undefined {
  const [, generation, minor = '0'] = VERSION.exec(model) ?? [];
  if (generation === undefined) return undefined;
  const version = Number(generation) * 100 + Number(minor);
  return version <= 405 ? 'continues' : undefined;
}
