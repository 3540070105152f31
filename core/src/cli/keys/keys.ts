/** `gatewright keys …`: makes, lists and changes the keys of a running gateway. */
import { given } from '../../config/given.ts';
import { CommandFailure } from '../failure.ts';
import { colorsFor, type Terminal } from '../terminal.ts';
import { accessOf, type AccessOptions } from './access.ts';
import type { AdminClient } from './admin-client.ts';
import { keyLines, keyTable, type ShownKey } from './key-text.ts';

export interface CommonOptions extends AccessOptions {
  readonly json?: boolean | undefined;
}

export interface CreateOptions extends CommonOptions {
  readonly alias?: string;
  readonly user?: string;
  readonly team?: string;
  readonly organisation?: string;
  readonly model?: readonly string[];
  readonly tag?: readonly string[];
  readonly role?: string;
  readonly budget?: string;
  readonly window?: string;
  readonly rpm?: string;
  readonly tpm?: string;
  readonly parallel?: string;
  readonly expires?: string;
}

export interface ListOptions extends CommonOptions {
  readonly user?: string;
  readonly team?: string;
}

export interface RotateOptions extends CommonOptions {
  readonly grace?: string;
}

/** The most pages of a list that are read, of a hundred keys each. */
const PAGES = 100;

export async function createKey(options: CreateOptions, terminal: Terminal): Promise<number> {
  const client = accessOf(options, terminal);
  const made = await client.post('/key/generate', bodyOf(options));
  return showMade(made, 'The key was made.', options, terminal);
}

export async function rotateKey(key: string, options: RotateOptions, terminal: Terminal): Promise<number> {
  const client = accessOf(options, terminal);
  const grace = options.grace === undefined ? {} : { grace_period: options.grace };
  const made = await client.post('/key/regenerate', { key, ...grace });
  const old =
    options.grace === undefined
      ? 'the old one is refused from now on'
      : `the old one is taken for ${options.grace} more`;
  return showMade(made, `The key has a new secret; ${old}.`, options, terminal);
}

export async function listKeys(options: ListOptions, terminal: Terminal): Promise<number> {
  const client = accessOf(options, terminal);
  const keys = await allKeys(client, options);
  if (options.json === true) return writeJson(keys, terminal);
  const lines = keys.length === 0 ? ['There are no keys.'] : keyTable(keys, terminal);
  terminal.out.write(`${lines.join('\n')}\n`);
  return 0;
}

export async function showKey(key: string, options: CommonOptions, terminal: Terminal): Promise<number> {
  const { info } = await accessOf(options, terminal).get(`/key/info?key=${encodeURIComponent(key)}`);
  return showOne(info as ShownKey, options, terminal);
}

export async function blockKey(
  key: string,
  blocked: boolean,
  options: CommonOptions,
  terminal: Terminal,
): Promise<number> {
  const path = blocked ? '/key/block' : '/key/unblock';
  return showOne(await accessOf(options, terminal).post(path, { key }), options, terminal);
}

export async function deleteKeys(keys: readonly string[], options: CommonOptions, terminal: Terminal): Promise<number> {
  const answer = await accessOf(options, terminal).post('/key/delete', { keys });
  if (options.json === true) return writeJson(answer, terminal);
  const gone = answer['deleted_keys'] as readonly string[];
  terminal.out.write(`${gone.map((one) => `deleted ${one}`).join('\n')}\n`);
  return 0;
}

/** What is asked of a new key. Throws a CommandFailure for what is no number. */
function bodyOf(options: CreateOptions): object {
  const { alias, user, team, organisation, model, tag, role, budget, window, rpm, tpm, parallel, expires } = options;
  const fields = {
    key_alias: alias,
    user_id: user,
    team_id: team,
    organization_id: organisation,
    models: model,
    tags: tag,
    role,
    max_budget: budget,
    budget_duration: window,
    rpm_limit: whole('--rpm', rpm),
    tpm_limit: whole('--tpm', tpm),
    max_parallel_requests: whole('--parallel', parallel),
    duration: expires,
  };
  return given(fields);
}

function whole(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CommandFailure(`${flag} takes a whole number, not "${text}".`);
}

async function allKeys(client: AdminClient, { user, team }: ListOptions): Promise<ShownKey[]> {
  const where = new URLSearchParams({ return_full_object: 'true', size: '100' });
  if (user !== undefined) where.set('user_id', user);
  if (team !== undefined) where.set('team_id', team);
  const keys: ShownKey[] = [];
  for (let page = 1; page <= PAGES; page++) {
    where.set('page', String(page));
    const answer = await client.get(`/key/list?${where.toString()}`);
    const found = answer['keys'] as ShownKey[];
    keys.push(...found);
    if (found.length < 100) break;
  }
  return keys;
}

function showOne(key: ShownKey, { json }: CommonOptions, terminal: Terminal): number {
  if (json === true) return writeJson(key, terminal);
  terminal.out.write(`${keyLines(key, terminal).join('\n')}\n`);
  return 0;
}

/** The secret goes to standard output alone on its line; what is said about it, to standard error. */
function showMade(made: ShownKey, said: string, { json }: CommonOptions, terminal: Terminal): number {
  if (json === true) return writeJson(made, terminal);
  const { key: secret, ...rest } = made;
  const colors = colorsFor(terminal.err, terminal.env);
  terminal.err.write(`${said}\n\n${keyLines(rest, terminal).join('\n')}\n\n`);
  terminal.err.write(`${colors.bold('This is the only time that the key is shown. Keep it somewhere safe:')}\n`);
  terminal.out.write(`${String(secret)}\n`);
  return 0;
}

function writeJson(value: unknown, { out }: Terminal): number {
  out.write(`${JSON.stringify(value, undefined, 2)}\n`);
  return 0;
}
