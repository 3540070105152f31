/** The credential that the options come to: what is given, or what the machine has. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TokenOrigin } from '@gatewright/core/wire';
import { parseKey, type KeyFile } from './key-file.ts';
import type { Options } from './options.ts';
import { metadataServer, originFor } from './origins.ts';

export interface Credentials {
  /** A token that never changes, or where tokens come from. */
  readonly tokens: string | TokenOrigin;
  /** The project of the key. */
  readonly project?: string;
  /** The project that pays for a user's calls. */
  readonly quotaProject?: string;
}

/** Where `gcloud auth application-default login` leaves its file, on Windows too if it is told by `keyFile`. */
export function gcloudFile(home = homedir()): string {
  return join(home, '.config', 'gcloud', 'application_default_credentials.json');
}

/** Reads what the options name; without any, the file of gcloud, and without that, the metadata server. Throws TypeError. */
export async function credentialsOf(options: Options, gcloud = gcloudFile()): Promise<Credentials> {
  const { accessToken, key, keyFile } = options;
  if (accessToken !== undefined) return { tokens: accessToken };
  if (key !== undefined) return fromKey(parseKey(key, 'The option "key"'));
  if (keyFile !== undefined && keyFile !== '') return fromKey(parseKey(await read(keyFile), `The file ${keyFile}`));
  const found = await readFile(gcloud, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new TypeError(`The file ${gcloud} could not be read (${error.code}).`, { cause: error });
  });
  if (found !== undefined) return fromKey(parseKey(found, `The file ${gcloud}`));
  return { tokens: metadataServer(options.metadataUrl) };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TypeError(`The file ${path} of the option "keyFile" could not be read (${code}).`, { cause: error });
  }
}

function fromKey(key: KeyFile): Credentials {
  const tokens = originFor(key);
  if (key.type === 'service_account') {
    const { project_id: project } = key;
    return project === undefined ? { tokens } : { tokens, project };
  }
  const { quota_project_id: quotaProject } = key;
  return quotaProject === undefined ? { tokens } : { tokens, quotaProject };
}
