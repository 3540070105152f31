/** A failure that the person at the terminal can do something about. */

export class Failure extends Error {
  /** What to do. */
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.name = 'Failure';
    this.help = help;
  }
}
