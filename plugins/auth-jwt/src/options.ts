/** The plugin's options. */
import { durationOf } from '@gatewright/core';
import { z } from 'zod';

/** Signatures with a private key of the issuer's own; none that whoever verifies could make too. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const length = z
  .string()
  .refine((text) => durationOf(text) !== undefined, 'must be a length of time like 30s, 15m, 6h or 1d')
  .transform((text) => durationOf(text) ?? 0);

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whoever can change the keys on their way can be anybody. */
function isSafe(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

const address = z.string().refine(isSafe, 'must be an https address without a password');
const path = z.string().min(1);
const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((one) => [one].flat());

const claims = z.strictObject({
  key: path.default('sub').describe('Tells callers apart, for budgets, limits and reports.'),
  name: path.optional().describe('A name for people.'),
  user: path.default('sub').describe('The user whose token it is, as records call them.'),
  team: path.optional().describe('The team; of a list, the first.'),
  organisation: path.optional().describe('The organisation of the bearer.'),
  roles: path.optional().describe('Roles, a list or words with spaces between them; `roles` says what they mean here.'),
  models: path.optional().describe('The models that may be used. A token without it may use none.'),
  tags: path.optional().describe('Tags for reports and budgets.'),
  endUser: path.optional().describe('The client’s own user.'),
});

const issuer = z.strictObject({
  issuer: z.string().min(1).describe('The `iss` of its tokens, to the letter.'),
  audience: texts.describe('The `aud` that a token must have; of several, one.'),
  jwksUrl: address
    .optional()
    .describe('Where its public keys are. Default: where its OpenID configuration says, below the issuer’s address.'),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default(['RS256', 'ES256'])
    .describe('The signatures that are taken. There are none with a shared secret, and tokens must be signed.'),
  prefix: z
    .string()
    .regex(/^[\w.-]+:$/, 'must be a word and a colon')
    .default('jwt:')
    .describe('Stands before the ids of its callers, so that none can be that of a virtual key. One for each issuer.'),
  claims: claims
    .prefault({})
    .describe('Which claims say what; with dots for one inside another: `realm_access.roles`.'),
  roles: z
    .record(z.string(), z.enum(['admin', 'admin-viewer', 'user', 'viewer']))
    .default({})
    .describe('What a role of the token lets its bearer do on the management surface: `{ llm-admins: admin }`.'),
  require: z
    .record(z.string(), texts)
    .default({})
    .describe('Claims that a token must have, each with one of these values: `{ groups: [llm-users] }`.'),
  known: z
    .array(z.enum(['user', 'team', 'organisation']))
    .default(['team', 'organisation'])
    .describe('Which owners must be records, where `@gatewright/auth-keys` is there. Others need none.'),
});

export const options = z
  .strictObject({
    issuers: z.array(issuer).min(1).describe('Whose tokens are taken.'),
    clockTolerance: length.prefault('30s').describe('By how much clocks may differ.'),
    longest: length.prefault('1d').describe('For how long a token may be valid from when it was issued.'),
    keys: z
      .strictObject({
        maxAge: length.prefault('10m').describe('How long public keys are used before they are asked for again.'),
        stale: length.prefault('1d').describe('How long they are used where they cannot be asked for.'),
        pause: length
          .prefault('30s')
          .describe('The shortest time between two tries, for unknown keys and after failures.'),
        timeout: length.prefault('5s').describe('How long asking for them may take.'),
      })
      .prefault({})
      .describe('How public keys are kept.'),
    cache: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(10_000)
      .describe('The most tokens that are remembered as verified, until they expire.'),
  })
  .superRefine(({ issuers }, context) => {
    for (const field of ['issuer', 'prefix'] as const) {
      const seen = new Set<string>();
      issuers.forEach((one, index) => {
        const message = `The ${field} "${one[field]}" is there twice; callers of two issuers must not be mixed up.`;
        if (seen.has(one[field])) context.addIssue({ code: 'custom', path: ['issuers', index, field], message });
        seen.add(one[field]);
      });
    }
    issuers.forEach(({ issuer: own, jwksUrl }, index) => {
      if (jwksUrl !== undefined || isSafe(own)) return;
      const message = 'The issuer is no https address, so its keys cannot be found: say jwksUrl.';
      context.addIssue({ code: 'custom', path: ['issuers', index, 'issuer'], message });
    });
  });

export type Options = z.output<typeof options>;
export type Issuer = Options['issuers'][number];
