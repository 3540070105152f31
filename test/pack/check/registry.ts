/** A package registry of its own for a check: what is published there stays there, everything else comes from npm's. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds in which the registry must answer. */
const PATIENCE = 60_000;

/** Packages that are published here, by us or by third parties: nobody else is asked for them. */
const OWN = ['@gatewright/*', 'create-gatewright', '@acme/*'];

export interface Registry {
  readonly url: string;
  /** Settings with which npm knows no other registry, and keeps its cache apart: for the environment of commands. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts verdaccio with an empty storage in `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'config.yaml');
  writeFileSync(config, configuration(npmSetting('registry')));
  const main = createRequire(import.meta.url)
    .resolve('verdaccio/package.json')
    .replace('package.json', 'bin/verdaccio');
  const child = spawn(process.execPath, [main, '--config', config, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    env: { ...process.env, ...certificates(), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = `http://127.0.0.1:${port}/`;
  await answering(child, url);
  const settings = join(folder, 'npmrc');
  // Anybody may publish, but npm wants a token before it tries.
  writeFileSync(settings, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\naudit=false\nfund=false\n`);
  return {
    url,
    env: {
      NPM_CONFIG_USERCONFIG: settings,
      NPM_CONFIG_GLOBALCONFIG: join(folder, 'none'),
      NPM_CONFIG_CACHE: join(folder, 'cache'),
      NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    },
    async close() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      // It would wait for connections that clients keep; there is nothing in it to lose.
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function configuration(upstream: string): string {
  const own = OWN.map((name) => `  '${name}': { access: $all, publish: $all, unpublish: $all }`);
  return [
    'storage: ./storage',
    'web: { enable: false }',
    'auth: {}',
    `uplinks: { npm: { url: '${upstream}', maxage: 60m, timeout: 60s, max_fails: 10 } }`,
    'packages:',
    ...own,
    "  '**': { access: $all, proxy: npm }",
    'max_body_size: 50mb',
    // Clients keep connections while they pack and install: closing one under a request would fail it.
    'server: { keepAliveTimeout: 600 }',
    'log: { type: stdout, format: json, level: warn }',
    '',
  ].join('\n');
}

/** What npm itself is set to, on this machine. */
function npmSetting(name: string): string {
  const said = execFileSync('npm', ['config', 'get', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return said.trim();
}

/** A machine may reach its registry through a proxy with a certificate of its own, which npm knows and Node does not. */
function certificates(): Record<string, string> {
  const file = npmSetting('cafile');
  const known = process.env['NODE_EXTRA_CA_CERTS'] !== undefined || ['null', 'undefined', ''].includes(file);
  return known ? {} : { NODE_EXTRA_CA_CERTS: file };
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    if (child.exitCode !== null) break;
    const response = await fetch(`${url}-/ping`).catch(() => undefined);
    if (response?.ok === true) return;
    await sleep(100);
  }
  child.kill();
  throw new Error(`The registry did not start.\n${said}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
