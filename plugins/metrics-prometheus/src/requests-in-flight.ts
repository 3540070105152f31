/** How many requests are being answered right now. */
import { Gauge, type Registry } from './prom.ts';

export class RequestsInFlight {
  #source: () => number = () => 0;

  constructor(registry: Registry) {
    const read = (): number => this.#source();
    const gauge = new Gauge({
      name: 'gatewright_requests_in_flight',
      help: 'Requests that are being answered, streams included.',
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(gauge);
  }

  /** Where the number is read from. */
  readFrom(source: () => number): void {
    this.#source = source;
  }
}
