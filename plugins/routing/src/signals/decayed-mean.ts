/** A mean in which a sample weighs half as much after each half-life. */

/** When all that is left of the samples is this much of one, nothing is known any more. */
const FORGOTTEN = 1 / 32;

export class DecayedMean {
  readonly #halfLife: number;
  #sum = 0;
  #weight = 0;
  #last = 0;
  #mean = 0;
  #until = -Infinity;

  /** `halfLife` in the unit of the times. */
  constructor(halfLife: number) {
    this.#halfLife = halfLife;
  }

  add(sample: number, now: number): void {
    const fading = this.#weight === 0 ? 0 : 2 ** (-Math.max(0, now - this.#last) / this.#halfLife);
    this.#sum = this.#sum * fading + sample;
    this.#weight = this.#weight * fading + 1;
    this.#last = now;
    // Reckoned here, once per answer, and only read for every choice.
    this.#mean = this.#sum / this.#weight;
    this.#until = now + this.#halfLife * Math.log2(this.#weight / FORGOTTEN);
  }

  /** undefined where there was nothing of late. */
  at(now: number): number | undefined {
    return now < this.#until ? this.#mean : undefined;
  }
}
