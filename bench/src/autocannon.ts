/** Runs autocannon, inside this process, where there is no wrk. */
import autocannon from 'autocannon';
import type { Load, LoadResult } from './load.ts';

export async function run(load: Load): Promise<LoadResult> {
  const result = await autocannon({
    url: load.url,
    method: 'POST',
    headers: { ...load.headers },
    body: load.body,
    connections: load.connections,
    duration: load.seconds,
  });
  return {
    requests: result['2xx'] + result.non2xx,
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx + result.timeouts,
  };
}
