/** What somebody may do to keys, so that no key makes a broader one and nobody widens their own. Every refusal is `GW_FORBIDDEN`. */
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from './actor.ts';
import type { Key } from './key.ts';
import { covers, type ModelSet } from './patterns.ts';
import { checkOnly, checkSame, checkWrites, refusal, type Change } from './refusal.ts';
import type { Organisation, Team } from './shapes.ts';

/** The records that a key names. */
export interface KeyOwners {
  readonly team?: Team | undefined;
  readonly organisation?: Organisation | undefined;
}

/** Fields that a rotation changes, and those that say nothing of rights. */
const FREE = ['alias', 'metadata', 'hash', 'shown', 'previous', 'rotated', 'rotations'];

/** Fields that nobody but an admin may change. */
const FIXED = ['user', 'team', 'organisation', 'budgetIds', 'createdBy'] as const;

/** Throws where an actor may not make, change or delete a key as they are about to. The owners are those of the key. */
export function checkKey(actor: Actor, { id, before, after }: Change<Key>, owners: KeyOwners): void {
  if (actor.role === 'admin') return;
  checkWrites(actor);
  const key = before ?? after;
  if (key === undefined) return;
  const led = leads(actor, key, owners);
  if (!led && !owns(actor, key, owners)) throw refusal('This is not a key of yours.');
  if (after === undefined) return;
  if (before === undefined) {
    checkNew(actor, after);
    return;
  }
  if (id === actor.key) {
    // Whoever holds a key that leaked may turn it off.
    checkOnly(before, { ...after, blocked: before.blocked }, FREE, 'A key may not change its own');
    if (before.blocked === true && after.blocked !== true) throw refusal('A key may not unblock itself.');
    return;
  }
  checkSame(before, after, FIXED, 'Only an admin may change a key’s');
  // Whoever rotates a key has its secret afterwards: it must be one that they could have made.
  if (after.rotations !== before.rotations) checkNew(actor, after);
  if (led) checkLed(actor, before, after);
  else checkNarrower(before, after);
}

/** Their own: of their user, in teams and organisations that they belong to. */
function owns(actor: Actor, key: Key, owners: KeyOwners): boolean {
  if (actor.user === undefined || key.user !== actor.user) return false;
  if (key.team !== undefined && !actor.belongs.teams.includes(key.team)) return false;
  return mayCharge(actor.belongs.organisations, key, owners);
}

/** Of a team or an organisation that they lead, and of people in it: nobody else's budgets may be charged. */
function leads({ leads, belongs }: Actor, key: Key, owners: KeyOwners): boolean {
  const { team, user } = key;
  const within = owners.team?.organisation;
  const leadsIt =
    team === undefined
      ? key.organisation !== undefined && leads.organisations.includes(key.organisation)
      : leads.teams.includes(team) || (within !== undefined && leads.organisations.includes(within));
  if (!leadsIt || !mayCharge(belongs.organisations, key, owners)) return false;
  const members = (team === undefined ? owners.organisation : owners.team)?.members;
  return user === undefined || members?.some((one) => one.user === user) === true;
}

function mayCharge(organisations: readonly string[], { organisation }: Key, { team }: KeyOwners): boolean {
  return organisation === undefined || organisation === team?.organisation || organisations.includes(organisation);
}

/** A key may not make a broader one: not of more models, not for longer, and not out of reach of its own budgets. */
function checkNew(actor: Actor, made: Key): void {
  checkRole(actor, made);
  checkConfines(actor, undefined, made);
  if ((made.budgetIds ?? []).length > 0) throw refusal('Only an admin may put a key under shared budgets.');
  if (actor.confines?.metered !== true) return;
  const message = 'This key has budgets or limits of its own, which keys that it made would escape.';
  throw refusal(message, 'Give its user or its team the budget instead.');
}

/** A role counts for the user whose key it is: with one on another user's key, that user's rights would be the actor's. */
function checkRole(actor: Actor, key: Key): void {
  if (key.role === undefined) return;
  if (key.role !== 'user' && key.role !== 'viewer') throw refusal(`Only an admin may give the role "${key.role}".`);
  if (actor.user === undefined || key.user !== actor.user)
    throw refusal('Only an admin may give a role to the key of another user.');
}

function checkConfines({ confines = {} }: Actor, before: Key | undefined, key: Key): void {
  const { models, accessGroups, operations, tags = [], expires } = confines;
  const confined = models !== undefined || accessGroups !== undefined;
  if (confined && !coversModels({ models, accessGroups }, key)) {
    throw refusal(
      'This key may not make one for models that it may not use itself.',
      'Name the models of the new key.',
    );
  }
  if (operations !== undefined && key.operations?.every((one) => operations.includes(one)) !== true)
    throw refusal('This key may not make one for operations that it may not use itself.');
  if (!tags.every((tag) => key.tags?.includes(tag) === true))
    throw refusal('A key that has tags may only make keys that have them too.');
  if (expires !== undefined && (key.expires ?? Infinity) > expires)
    throw refusal('This key may not make one that lives longer than itself.');
  if (key.requestTags === true && before?.requestTags !== true)
    throw refusal('Only an admin may let requests bring their own tags.');
}

interface Models {
  readonly models?: ModelSet;
  readonly accessGroups?: readonly string[] | undefined;
}

/** Groups are compared by name: what is in them may change. */
function coversModels(outer: Models, inner: Models): boolean {
  if (inner.models === undefined && inner.accessGroups === undefined) return covers(outer.models ?? [], undefined);
  const groups = inner.accessGroups ?? [];
  if (!groups.every((group) => outer.accessGroups?.includes(group) === true)) return false;
  return covers(outer.models ?? [], inner.models ?? []);
}

/** Whoever leads a team may widen its keys, within the team's own rules, as far as their own key reaches. */
function checkLed(actor: Actor, before: Key, after: Key): void {
  if (after.role !== before.role) checkRole(actor, after);
  checkConfines(actor, before, after);
  const looser = !holdsAll(after.budgets, before.budgets) || !holdsAll(after.limits, before.limits);
  if (looser && actor.confines?.metered === true)
    throw refusal('A key that has budgets or limits of its own may not change those of others.');
}

/** The owner of a key may take from it, not add to it: an admin may have confined it. */
function checkNarrower(before: Key, after: Key): void {
  checkSame(before, after, ['requestTags', 'tags'], 'Only an admin may change a key’s');
  const confined = before.models !== undefined || before.accessGroups !== undefined;
  const narrower = {
    role: after.role === undefined || after.role === before.role,
    models: !confined || coversModels(before, after),
    operations:
      before.operations === undefined || after.operations?.every((one) => before.operations?.includes(one)) === true,
    expires: (after.expires ?? Infinity) <= (before.expires ?? Infinity),
    blocked: before.blocked !== true || after.blocked === true,
    budgets: holdsAll(after.budgets, before.budgets),
    limits: holdsAll(after.limits, before.limits),
  };
  const wider = Object.entries(narrower).find(([, fine]) => !fine);
  if (wider !== undefined) throw refusal(`Only an admin may widen a key’s "${wider[0]}".`);
}

/** Whether every rule that was there is still there. */
function holdsAll(after: readonly unknown[] = [], before: readonly unknown[] = []): boolean {
  return before.every((rule) => after.some((one) => isDeepStrictEqual(one, rule)));
}
