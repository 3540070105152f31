/** How many HTTP requests are being answered right now. */
import type { HttpPoints } from '@gatewright/core';
import { Gauge, type Registry } from 'prom-client';

export type Middleware = Parameters<HttpPoints['use']>[0];

export class RequestsInFlight {
  #count = 0;

  constructor(registry: Registry) {
    const read = (): number => this.#count;
    const gauge = new Gauge({
      name: 'gatewright_requests_in_flight',
      help: 'HTTP requests that are being answered, streams included.',
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(gauge);
  }

  /** Middleware that counts all requests but those to one path. */
  counting(except: string): Middleware {
    return (context, next) => {
      if (context.path !== except) {
        this.#count++;
        // Comes once, also when the client leaves.
        context.res.once('close', () => {
          this.#count--;
        });
      }
      return next();
    };
  }
}
