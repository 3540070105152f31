/**
 * Publishes everything to a registry of its own, and goes the way of those who install it: `npm run pack:check`; with
 * `-- --only guides`, the guides alone.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Course } from './check/course.ts';
import { startRegistry } from './check/registry.ts';
import { Site } from './check/site.ts';
import { faultSteps } from './check/fault-steps.ts';
import { gatewaySteps, publishStep } from './check/first-gateway.ts';
import { guideSteps } from './check/guide-steps.ts';
import { tarballSteps } from './check/tarballs.ts';
import { thirdPartySteps } from './check/third-party.ts';

const isOnlyGuides = process.argv.slice(2).join(' ') === '--only guides';
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-check-')));
// What npm and its checks leave in the temporary folder goes with the rest.
process.env['TMPDIR'] = folder;
const write = (text: string): void => void process.stdout.write(text);
const course = new Course(write, () => performance.now());
const registry = await startRegistry(join(folder, 'registry'));
const site = new Site(folder, registry);
try {
  const published = await course.step(...publishStep(site));
  if (!isOnlyGuides) {
    const started = published && (await course.chain([...gatewaySteps(site), ...thirdPartySteps(site)]));
    for (const [name, body] of started ? faultSteps(site) : []) await course.step(name, body);
    await course.chain(tarballSteps(site));
  }
  for (const [name, body] of published ? guideSteps(site) : []) await course.step(name, body);
} finally {
  await site.close();
  await registry.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
write(`\n${course.table()}`);
process.exitCode = course.failed === 0 ? 0 : 1;
