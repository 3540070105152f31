/** Routers keep what the testkit asks of everybody's: our own, with every strategy that needs nothing else, and the template. */
import routing from '@gatewright/routing';
import { routerSuite } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { manifestOf, templateManifest, templatePlugin } from './manifest.ts';

const template = await templatePlugin('router');

describe.each(['weighted', 'round-robin', 'least-busy', 'lowest-latency'])('routing by %s', (strategy) => {
  routerSuite({ describe, test }, { plugin: routing, manifest: manifestOf('routing'), options: { strategy } });
});

describe('the template', () => {
  routerSuite(
    { describe, test },
    { plugin: template, manifest: templateManifest('router'), options: { first: 'testkit' } },
  );
});
