/** The steps of somebody who publishes a provider plugin, and of those who add it to a running gateway. */
import { GATEWAY, type Step } from './first-gateway.ts';
import type { Site } from './site.ts';

const PLUGIN = '@acme/provider-anvil';
const FOLDER = 'elsewhere/provider-anvil';

/** A model that the provider serves: it calls the gateway itself, which is the only API there is here. */
const MODEL = '\n  anvil:\n    targets: [provider-anvil/demo]\n';

export function thirdPartySteps(site: Site): Step[] {
  return [
    [
      `npm create gatewright a provider plugin, ${PLUGIN}`,
      async () => {
        await site.run(`npm create gatewright@latest -- --plugin provider ${PLUGIN}`, site.folder('elsewhere'));
        await site.run('npm install --no-package-lock', FOLDER);
      },
    ],
    ['its conformance suite', async () => countOf(await site.run('npm test', FOLDER))],
    ['publish it, as a third party', async () => void (await site.run('npm publish', FOLDER))],
    [
      'gatewright add it by name',
      async () => {
        const { url } = site.gateway;
        const said = await site.run(
          `npx gatewright add ${PLUGIN} --set baseUrl=${url}/v1 --set apiKey=\${env:GATEWRIGHT_KEY}`,
          GATEWAY,
        );
        const schema = await site.run('npx gatewright schema', GATEWAY);
        if (!schema.includes(`"const": "${PLUGIN}"`)) throw new Error('gatewright schema does not know it.');
        return said.split('\n').find((line) => line.startsWith('added'));
      },
    ],
    [
      'reload, and stream an answer from it',
      async () => {
        site.write(`${GATEWAY}/gatewright.yaml`, site.read(`${GATEWAY}/gatewright.yaml`).trimEnd() + MODEL);
        await site.reload();
        return `“${(await site.gateway.stream('anvil')).slice(0, 40)}…”`;
      },
    ],
    [
      'publish a new version of it, and upgrade',
      async () => {
        for (const path of ['package.json', 'src/index.ts']) {
          site.write(`${FOLDER}/${path}`, site.read(`${FOLDER}/${path}`).replaceAll('0.1.0', '0.1.1'));
        }
        // The range of the core stays the one that it was made for.
        const manifest = site.read(`${FOLDER}/package.json`).replaceAll('^0.1.1', '^0.1.0');
        site.write(`${FOLDER}/package.json`, manifest);
        await site.run('npm publish', FOLDER);
        await site.run(`npm install --no-package-lock ${PLUGIN}@latest`, GATEWAY);
        // The gateway that runs goes on with what it has loaded; a restart takes the new version.
        await site.gateway.stream('anvil');
        await site.start(GATEWAY);
        await site.gateway.stream('anvil');
        return versionOf(await site.run('node --env-file=.env node_modules/.bin/gatewright plugins --json', GATEWAY));
      },
    ],
  ];
}

function countOf(said: string): string {
  const [, passed = '0'] = /^(?:ℹ|#) pass (\d+)/m.exec(said) ?? [];
  if (passed === '0') throw new Error(`No test ran:\n${said}`);
  return `${passed} tests`;
}

interface Listed {
  readonly plugins: readonly { readonly use: string; readonly version?: string; readonly roles: readonly string[] }[];
}

/** What `gatewright plugins` says of it. */
function versionOf(said: string): string {
  const { plugins } = JSON.parse(said.slice(said.indexOf('{'))) as Listed;
  const { version = '', roles = [] } = plugins.find(({ use }) => use === PLUGIN) ?? {};
  if (version !== '0.1.1' || roles[0] !== 'provider') throw new Error(`It is listed as ${version} (${roles.join()}).`);
  return `${PLUGIN} ${version}, ${roles[0]}`;
}
