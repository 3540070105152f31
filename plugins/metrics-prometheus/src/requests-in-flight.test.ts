/** The gauge shows what its source says at the moment of the scrape. */
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf, valueOf } from './exposition.test.kit.ts';
import { RequestsInFlight } from './requests-in-flight.ts';

test('is read when it is scraped, from the latest source', async () => {
  const registry = new Registry();
  const requests = new RequestsInFlight(registry);
  const shown = async (): Promise<number | undefined> =>
    valueOf(samplesOf(await registry.metrics()), 'gatewright_requests_in_flight');
  expect(await shown()).toBe(0);
  let count = 3;
  requests.readFrom(() => count);
  expect(await shown()).toBe(3);
  count = 1;
  expect(await shown()).toBe(1);
  requests.readFrom(() => 7);
  expect(await shown()).toBe(7);
});
