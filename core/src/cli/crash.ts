/** What happens with errors that nobody caught. */
import type { Logger } from '../logger.ts';
import type { Signals } from './terminal.ts';

/**
 * Both kinds are logged with their stack, and end differently.
 *
 * A rejection that nobody handles is a promise that somebody forgot. Its function was left the way `await` always
 * leaves one; whoever waits for its exchange has a time limit of their own. Ending the process would break the answers
 * of everyone else for nothing, so the gateway goes on.
 *
 * An exception that nobody catches was thrown through code that did not expect it, some of it half way through changing
 * its state: an emitter between two listeners, a parser, a ledger. What the process knows can no longer be trusted, so it
 * takes no new requests, lets the streams under way finish, and ends with exit code 1: a supervisor starts a fresh one.
 */
export function watchCrashes(signals: Signals, logger: () => Logger, end: () => void): () => void {
  const rejection = (reason: unknown): void => {
    logger().error(`A promise was rejected and nobody handled it: ${messageOf(reason)}`, { error: reason });
  };
  const exception = (error: unknown): void => {
    logger().error(`An error was thrown and nobody caught it: ${messageOf(error)}`, { error });
    end();
  };
  const releases = [signals.listen('unhandledRejection', rejection), signals.listen('uncaughtException', exception)];
  return () => releases.forEach((release) => release());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
