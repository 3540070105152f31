/** Tests that reports of wrk are read rightly. */
import { describe, expect, test } from 'vitest';
import { parseWrk } from './wrk.ts';

const GOOD = `Running 2s test @ http://127.0.0.1:40001/v1
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     8.42ms    3.11ms  41.20ms   82.10%
    Req/Sec     7.61k     0.94k    9.20k    70.00%
  Latency Distribution
     50%    7.90ms
     75%    9.61ms
     90%   12.00ms
     99%    1.24s
  15170 requests in 2.00s, 14.21MB read
Requests/sec:   7583.12
Transfer/sec:      7.10MB
`;

describe('parseWrk', () => {
  test('reads requests, rate and latencies, whatever their unit', () => {
    expect(parseWrk(GOOD)).toEqual({ requests: 15_170, perSecond: 7583.12, p50: 7.9, p99: 1240, errors: 0 });
    expect(parseWrk(GOOD.replace('7.90ms', '847.00us')).p50).toBeCloseTo(0.847);
  });

  test('counts broken connections and refusals as errors', () => {
    const broken = GOOD.replace(
      'Requests/sec',
      '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 15\nRequests/sec',
    );
    expect(parseWrk(broken).errors).toBe(25);
  });

  test('refuses what is no report', () => {
    expect(() => parseWrk('unable to connect to 127.0.0.1:1')).toThrow('This is not a report of wrk');
  });
});
