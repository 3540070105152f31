/** Metrics for Prometheus. */
import { definePlugin } from '@gatewright/core';
import { MetricSet } from './metric-set.ts';
import { MetricSum } from './metric-sum.ts';
import { options } from './options.ts';
import { scrape } from './scrape.ts';

export type { MetricsOptions } from './options.ts';

/** How long after it serves the gateway begins to watch its process, in milliseconds. */
const PATIENCE = 1_000;

export default definePlugin({
  name: '@gatewright/metrics-prometheus',
  version: '0.1.0',
  engine: '^1',
  options,
  usesIfPresent: ['health'],
  supports: { hooks: ['log'], reads: 'none', mutates: false, network: [], secrets: true },
  setup(context, options) {
    const { token, path, ...shape } = options;
    // A reload that changes what the metrics look like begins new ones.
    const metrics = context.share(
      JSON.stringify(shape),
      () => new MetricSet(options),
      () => undefined,
    );
    const forget = metrics.hooks.watch(context.stats);
    context.onDispose(forget);
    // The process is not watched before it serves: nobody waits for that.
    let cancel: (() => void) | undefined;
    context.onServe(() => {
      cancel = context.clock.after(PATIENCE, () => metrics.watchProcess());
    });
    context.onDispose(() => cancel?.());
    context.hooks.log.tap((record) => metrics.exchanges.add(record));
    const health = context.useIfPresent('health');
    metrics.health.readFrom(() => health?.all() ?? []);
    metrics.inFlight.readFrom(context.inFlight);
    metrics.load.readFrom(context.load);
    context.peers.answer(() => metrics.snapshot());
    context.http.route('GET', path, scrape(new MetricSum(metrics, context.peers), token));
  },
});
