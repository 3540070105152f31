/** Roles on the wire: both the gateway's own words and those of older scripts. */
import type { Role } from '@gatewright/auth-keys/records';
import { z } from 'zod';

const WORDS = {
  proxy_admin: 'admin',
  proxy_admin_viewer: 'admin-viewer',
  internal_user: 'user',
  internal_user_viewer: 'viewer',
  admin: 'admin',
  'admin-viewer': 'admin-viewer',
  user: 'user',
  viewer: 'viewer',
} as const satisfies Record<string, Role>;

export const roleWord = z.enum(Object.keys(WORDS) as (keyof typeof WORDS)[]);

export const roleOf = (word: z.output<typeof roleWord>): Role => WORDS[word];

/** The word that older scripts know. */
export function shownRole(role: Role): string {
  return Object.entries(WORDS).find(([, known]) => known === role)?.[0] ?? role;
}
