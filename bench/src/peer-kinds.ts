/** The gateways that ours is measured beside, each with what it has switched on. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install } from './installer.ts';
import type { Ask } from './lab.ts';
import { chatRequest, KEY, MODELS, type Manner } from './payload.ts';
import type { PeerKind, PeerNeeds } from './peer.ts';

/** LiteLLM wants its keys to begin so. */
const LITELLM_KEY = `sk-${KEY}`;
const UPSTREAM_KEY = 'upstream-key-0123456789abcdef';

function chat({ port }: PeerNeeds, manner: Manner, path: string, headers: Ask['headers'], prefix = ''): Ask {
  return {
    url: `http://127.0.0.1:${port}${path}`,
    headers: { 'content-type': 'application/json', ...headers },
    body: chatRequest(prefix + MODELS[manner], 400, manner !== 'whole'),
  };
}

const portkey: PeerKind = {
  name: 'Portkey',
  features: 'routes by headers; it keeps no keys, limits, budgets or metrics',
  async install(folder) {
    const package_ = join(folder, 'node_modules/@portkey-ai/gateway/package.json');
    if (!existsSync(package_)) {
      await writeFile(join(folder, 'package.json'), '{"private":true}');
      await install('npm', ['install', '--no-audit', '--no-fund', '@portkey-ai/gateway'], { cwd: folder });
    }
    return (JSON.parse(await readFile(package_, 'utf8')) as { version: string }).version;
  },
  start: ({ folder, port }) =>
    Promise.resolve({
      command: process.execPath,
      args: [join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
      env: { NODE_ENV: 'production' },
    }),
  ask: (needs, manner) =>
    chat(needs, manner, '/v1/chat/completions', {
      authorization: `Bearer ${UPSTREAM_KEY}`,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${needs.upstream}/${manner}/v1`,
    }),
};

const litellm: PeerKind = {
  name: 'LiteLLM',
  features: 'one key, prices, Prometheus metrics; budgets, limits of keys and usage rows need a PostgreSQL and are off',
  async install(folder) {
    const python = join(folder, 'venv/bin/python');
    if (!existsSync(join(folder, 'venv/bin/litellm'))) {
      await install('python3', ['-m', 'venv', 'venv'], { cwd: folder });
      const wanted = ['litellm[proxy]', 'prometheus_client'];
      await install(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...wanted], { cwd: folder });
    }
    const asking = 'from importlib.metadata import version; print(version("litellm"))';
    return (await install(python, ['-c', asking], { cwd: folder })).trim();
  },
  async start({ folder, upstream, port }) {
    const model = (manner: Manner): object => ({
      model_name: MODELS[manner],
      litellm_params: {
        model: `openai/${MODELS[manner]}`,
        api_base: `${upstream}/${manner}/v1`,
        api_key: UPSTREAM_KEY,
      },
    });
    const config = {
      model_list: [model('whole'), model('burst')],
      general_settings: { master_key: LITELLM_KEY },
      litellm_settings: { telemetry: false, callbacks: ['prometheus'] },
    };
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
    const args = ['--config', 'config.yaml', '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'];
    // Its prices come with it; it would look for newer ones first.
    const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' };
    return { command: join(folder, 'venv/bin/litellm'), args, env };
  },
  ask: (needs, manner) => chat(needs, manner, '/v1/chat/completions', { authorization: `Bearer ${LITELLM_KEY}` }),
};

/** Installs a Go program and answers its version. */
async function goInstall(folder: string, path: string, name: string): Promise<string> {
  const program = join(folder, 'bin', name);
  const env = { GOPATH: join(folder, 'go'), GOBIN: join(folder, 'bin'), GOFLAGS: '-modcacherw' };
  if (!existsSync(program)) await install('go', ['install', `${path}@latest`], { cwd: folder, env });
  const told = await install('go', ['version', '-m', program], { cwd: folder, env });
  return /^\s*mod\s+\S+\s+(\S+)/m.exec(told)?.[1] ?? 'of an unknown version';
}

const bifrost: PeerKind = {
  name: 'Bifrost',
  features: 'its own key of the provider, no store: what it logs and governs there is off',
  install: (folder) => goInstall(folder, 'github.com/maximhq/bifrost/transports/bifrost-http', 'bifrost-http'),
  async start({ folder, upstream, port }) {
    // The format: https://docs.getbifrost.ai/deployment-guides/config-json
    const key = { name: 'bench', value: UPSTREAM_KEY, models: ['*'], weight: 1 };
    const provider = { keys: [key], network_config: { base_url: `${upstream}/whole` } };
    const config = { providers: { openai: provider }, config_store: { enabled: false } };
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data/config.json'), JSON.stringify(config));
    const args = ['-app-dir', 'data', '-host', '127.0.0.1', '-port', String(port), '-log-level', 'error'];
    return { command: join(folder, 'bin/bifrost-http'), args };
  },
  streams: false,
  ask: (needs, manner) => chat(needs, manner, '/v1/chat/completions', {}, 'openai/'),
};

const gomodel: PeerKind = {
  name: 'GoModel',
  features: 'as it comes, with one key',
  install: (folder) => goInstall(folder, 'github.com/enterpilot/gomodel/cmd/gomodel', 'gomodel'),
  start: ({ folder, upstream, port }) =>
    Promise.resolve({
      command: join(folder, 'bin/gomodel'),
      args: [],
      env: {
        PORT: String(port),
        OPENAI_API_KEY: UPSTREAM_KEY,
        OPENAI_BASE_URL: `${upstream}/whole/v1`,
        GOMODEL_MASTER_KEY: KEY,
      },
    }),
  streams: false,
  ask: (needs, manner) => chat(needs, manner, '/v1/chat/completions', { authorization: `Bearer ${KEY}` }),
};

export const PEER_KINDS: readonly PeerKind[] = [portkey, litellm, bifrost, gomodel];
