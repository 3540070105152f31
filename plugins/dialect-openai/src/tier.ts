/** Service tiers. */

/** The tiers that the API knows; `fast` and `priority` are one. */
export const TIERS: readonly string[] = ['auto', 'default', 'flex', 'scale', 'priority', 'fast'];

/** The tier of an answer as the API would name it; undefined where it has no word for it. Its own servers' words stand. */
export function answerTier(tier: string | undefined, own: boolean): string | undefined {
  if (tier === undefined || own || TIERS.includes(tier)) return tier;
  return tier === 'standard' ? 'default' : undefined;
}
