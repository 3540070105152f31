/** The steps with broken plugins: each is refused or contained, with words that help, and the gateway goes on. */
import type { Note } from './course.ts';
import { FAULTS, wordsOf, type Fault } from './faults.ts';
import { GATEWAY, type Step } from './first-gateway.ts';
import type { Site } from './site.ts';

const CONFIG = `${GATEWAY}/gatewright.yaml`;

export const faultSteps = (site: Site): Step[] =>
  FAULTS.map((fault) => [`a plugin that ${verb(fault.what)}`, () => tryFault(fault, site)] as const);

const verb = (what: string): string => (/^(?:throws|claims|blocks)/.test(what) ? what : `has ${what}`);

async function tryFault(fault: Fault, site: Site): Promise<Note> {
  const before = site.read(CONFIG);
  await publish(fault, site);
  if (fault.needs !== undefined && !(await site.run('npx gatewright schema', GATEWAY)).includes(`"${fault.needs}"`)) {
    return { open: `the configuration has no "${fault.needs}" yet` };
  }
  try {
    return await refused(fault, before, site);
  } finally {
    site.write(CONFIG, before);
    await site.reload();
    // Whatever was tried, the gateway that runs answers.
    await site.gateway.stream('demo');
  }
}

async function refused(fault: Fault, before: string, site: Site): Promise<Note> {
  const { name, add } = fault;
  if (add !== undefined) {
    const { code, text } = await site.attempt(['npx', 'gatewright', 'add', `@acme/${name}`, ...add], GATEWAY);
    if (code !== 1) throw new Error(`gatewright add took it:\n${text}`);
    expectWords(fault.said, text);
    if (site.read(CONFIG) !== before) throw new Error('gatewright add changed the configuration.');
    if (fault.onlyAdd === true) return 'refused by gatewright add';
  } else {
    await site.run(`npm install --no-package-lock @acme/${name}`, GATEWAY);
  }
  site.write(CONFIG, before.replace('plugins:\n', `plugins:\n  - { use: '@acme/${name}'${fault.entry ?? ''} }\n`));
  const said = await site.gateway.reload(/Reloaded in|was not reloaded/);
  const taken = !said.includes('was not reloaded');
  if (taken && fault.awaited !== undefined) return { open: fault.awaited };
  if (taken && fault.needs !== undefined) return contained(fault, site);
  if (taken) throw new Error(`The gateway took it:\n${said}`);
  expectWords(wordsOf(fault), said);
  await site.gateway.stream('demo');
  return `refused${add === undefined ? '' : ' by gatewright add, and'} by the reload`;
}

/** An isolated plugin runs, and is stopped: the gateway lives meanwhile, and says what happened. */
async function contained({ said }: Fault, site: Site): Promise<Note> {
  const { gateway } = site;
  const from = gateway.said.length;
  const asking = gateway.stream('demo').then(
    () => 'answered',
    (error: unknown) => String(error),
  );
  const health = await fetch(`${gateway.url}/health`, { signal: AbortSignal.timeout(5_000) });
  if (!health.ok) throw new Error(`The gateway says ${health.status} of its health.`);
  const outcome = await asking;
  for (const pattern of said) await gateway.waitFor(pattern, from);
  return `contained; a request meanwhile: ${outcome.slice(0, 80)}`;
}

function expectWords(words: readonly RegExp[], text: string): void {
  const missing = words.filter((pattern) => !pattern.test(text));
  if (missing.length > 0) throw new Error(`It does not say ${missing.map(String).join(', ')}:\n${text}`);
}

async function publish({ name, source }: Fault, site: Site): Promise<void> {
  const folder = `broken/${name}`;
  const manifest = {
    name: `@acme/${name}`,
    version: '1.0.0',
    type: 'module',
    keywords: ['gatewright-plugin'],
    exports: { '.': './index.js', './package.json': './package.json' },
    dependencies: { zod: '4.6.7' },
    peerDependencies: { '@gatewright/core': '^0.1.0' },
  };
  site.write(`${folder}/package.json`, JSON.stringify(manifest));
  site.write(`${folder}/index.js`, source);
  await site.run('npm publish --access public', folder);
}
