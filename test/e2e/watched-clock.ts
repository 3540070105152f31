/** A clock that tests move, and that tells what is waited for. */
import { ManualClock } from '@gatewright/testkit';
import { waitFor } from './gateways.ts';

export class WatchedClock extends ManualClock {
  readonly #delays: { readonly delay: number }[] = [];
  #behind = 0;

  override monotonic(): number {
    return super.monotonic() + this.#behind;
  }

  /** So much time passes before what is due next gets its turn, as if something had blocked the event loop. */
  late(by: number): void {
    this.#behind += by;
    this.step();
  }

  override after(delay: number, task: () => void): () => void {
    const timer = { delay };
    this.#delays.push(timer);
    const forget = (): void => {
      const at = this.#delays.indexOf(timer);
      if (at >= 0) this.#delays.splice(at, 1);
    };
    const cancel = super.after(delay, () => {
      forget();
      task();
    });
    return () => {
      forget();
      cancel();
    };
  }

  /** Resolves when something waits for so many milliseconds. */
  async awaited(delay: number): Promise<void> {
    await waitFor(() => (this.#delays.some((timer) => timer.delay === delay) ? true : undefined));
  }
}
