/** The records of keys and of those they belong to: for programs that manage them. */
export { Collection, type Author, type Patch } from './collection.ts';
export { keyShape, newKeyShape, publicKey, type Key, type NewKey } from './key.ts';
export { Keys, type KeyPatch, type MadeKey, type SecretSource } from './keys.ts';
export { openRecords, type Records } from './open.ts';
export { hashOf, isHash, isKeyShaped, newSecret, shownOf } from './secret.ts';
export {
  accessGroupShape,
  budgetShape,
  customerShape,
  member,
  memberRole,
  organisationShape,
  role,
  tagShape,
  teamShape,
  userShape,
} from './shapes.ts';
export type { AccessGroup, Budget, Customer, Member, Organisation, Role, Tag, Team, User } from './shapes.ts';
export { budgetTerms, limitTerms, type BudgetTerms, type LimitTerms } from './terms.ts';
export { ADMIN, lesser, seesAll, type Actor, type Confines } from './actor.ts';
export { common, covers, type ModelSet } from './patterns.ts';
export { checkKey, type KeyOwners } from './key-privileges.ts';
export { checkOrganisation, checkTeam, checkUser } from './privileges.ts';
export { checkAdmin, checkWrites, type Change } from './refusal.ts';
