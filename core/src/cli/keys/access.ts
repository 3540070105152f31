/** Where the gateway is that a command talks to, and with which key. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { adminClient, type AdminClient } from './admin-client.ts';

export interface AccessOptions {
  readonly url?: string | undefined;
  readonly adminKeyFile?: string | undefined;
}

/** Where a gateway listens that nobody has told otherwise. */
const USUAL = 'http://127.0.0.1:4000';

/** Throws a CommandFailure where there is no key, or no usable address. */
export function accessOf({ url, adminKeyFile }: AccessOptions, { env, cwd }: Terminal): AdminClient {
  const address = addressOf(url ?? env['GATEWRIGHT_URL'] ?? USUAL);
  const key = adminKeyFile === undefined ? env['GATEWRIGHT_ADMIN_KEY']?.trim() : keyIn(resolve(cwd, adminKeyFile));
  if (key === undefined || key === '') {
    throw new CommandFailure(
      'There is no admin key.',
      'set GATEWRIGHT_ADMIN_KEY, or name a file that holds it: --admin-key-file <path>',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) throw new CommandFailure('The admin key has spaces or characters that no key has.');
  return adminClient(address, key);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CommandFailure(`"${text}" is no address of a gateway.`, `write it like ${USUAL}`);
}

function keyIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new CommandFailure(`The file of the admin key cannot be read: ${path}`, 'it holds the key and nothing else');
  }
}
