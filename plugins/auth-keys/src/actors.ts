/** Says who manages records: what a key's role and its user's place in teams and organisations come to. */
import { GatewayError, type Store } from '@gatewright/core';
import { ADMIN_VIEW, type Authenticator } from './authenticator.ts';
import { ADMIN, lesser, type Actor } from './records/actor.ts';
import type { Given } from './service.ts';
import type { KeyView } from './view.ts';

/** A team or an organisation. */
interface WithMembers {
  readonly members: readonly { readonly user: string; readonly role: string }[];
}

interface Places {
  readonly belongs: readonly string[];
  readonly leads: readonly string[];
}

/** Says who a credential belongs to, where it is no virtual key. */
export type Verify = (credential: string) => Promise<Given | undefined>;

/** The caller of the management surface. Throws as {@link KeyService.actor} says. */
export async function actorOf(
  credential: string | undefined,
  authenticator: Authenticator,
  store: Store,
  others: readonly Verify[],
): Promise<Actor> {
  const view = credential === undefined ? undefined : await authenticator.view(credential);
  if (view === ADMIN_VIEW) return ADMIN;
  if (view !== undefined) return placed(view, roleOf(view), store);
  for (const verify of credential === undefined ? [] : others) {
    const given = await verify(credential ?? '');
    if (given === undefined) continue;
    const known = await authenticator.viewOfGiven(given);
    return placed(known, given.role ?? known.userRole, store);
  }
  const message = credential === undefined ? 'No API key was sent.' : 'The API key is not known here.';
  throw new GatewayError('GW_UNAUTHENTICATED', message);
}

async function placed(view: KeyView, role: Actor['role'], store: Store): Promise<Actor> {
  const { key, user, team, organisation } = view.identity;
  const [teams, organisations] = await Promise.all([
    placesOf(store, 'team', user),
    placesOf(store, 'organisation', user),
  ]);
  return {
    id: key,
    key,
    ...(role === undefined ? {} : { role }),
    ...(user === undefined ? {} : { user }),
    ...(team === undefined ? {} : { team }),
    ...(organisation === undefined ? {} : { organisation }),
    leads: { teams: teams.leads, organisations: organisations.leads },
    belongs: { teams: teams.belongs, organisations: organisations.belongs },
    confines: view.confines,
  };
}

/** Never more than the user's own. */
function roleOf({ role, userRole }: KeyView): Actor['role'] {
  return role === undefined || userRole === undefined ? role : lesser(role, userRole);
}

async function placesOf(store: Store, kind: string, user: string | undefined): Promise<Places> {
  const belongs: string[] = [];
  const leads: string[] = [];
  if (user === undefined) return { belongs, leads };
  for (let after: string | undefined; ;) {
    const query = { where: { member: user }, limit: 1000, ...(after === undefined ? {} : { after }) };
    const { records, next } = await store.find<WithMembers>(kind, query);
    for (const { id, value } of records) {
      belongs.push(id);
      if (value.members.some((one) => one.user === user && one.role === 'admin')) leads.push(id);
    }
    if (next === undefined) return { belongs, leads };
    after = next;
  }
}
