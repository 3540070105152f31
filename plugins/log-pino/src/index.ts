/** One JSON line for every exchange, in pino's form. */
import { definePlugin, GatewayError, stderrLogger, type ExchangeRecord } from '@gatewright/core';
import { pino, type Logger } from 'pino';
import { Destination } from './destination.ts';
import { diagnostics } from './diagnostics.ts';
import { writeLine } from './exchange-line.ts';
import { levelOf, lineOf, type Level } from './line.ts';
import { options, type LogOptions } from './options.ts';

export type { LogOptions } from './options.ts';

export default definePlugin({
  name: '@gatewright/log-pino',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['logger'],
  supports: { hooks: ['log'], reads: 'none', mutates: false, network: [], secrets: false },
  async setup(context, options) {
    const { clock } = context;
    // Trouble with the destination is told on standard error: through this plugin's own logger it would go round in circles.
    const destination = context.share(
      `${options.destination} ${options.buffer}`,
      () => new Destination(options, clock, stderrLogger),
      (destination) => destination.close(),
    );
    await opened(destination, options);
    const logger = pinoFor(destination, options);
    context.provide('logger', diagnostics(logger, clock));
    const hides = options.redact.length > 0;
    context.hooks.log.tap((record) => {
      const level = levelOf(record);
      if (!logger.isLevelEnabled(level)) return;
      if (hides) logger[level](lineOf(record), 'exchange');
      else write(destination, record, level);
    });
    context.onDrain(() => destination.flush());
  },
});

function write(destination: Destination, record: ExchangeRecord, level: Level): void {
  const out = destination.begin();
  if (out === undefined) return;
  writeLine(out, record, level);
  destination.end();
}

async function opened(destination: Destination, options: LogOptions): Promise<void> {
  try {
    await destination.opened;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('GW_PLUGIN_SETUP', `The log file "${options.destination}" cannot be written: ${reason}.`, {
      help: 'Make its folder and let the gateway write there, or change the option "destination".',
      cause,
    });
  }
}

function pinoFor(destination: Destination, { level, redact }: LogOptions): Logger {
  try {
    return pino(
      {
        level,
        base: null,
        // Lines bring their own time: that of the injected clock.
        timestamp: false,
        formatters: { level: (label) => ({ level: label }) },
        ...(redact.length === 0 ? {} : { redact: { paths: redact, censor: '[hidden]' } }),
      },
      { write: (line: string) => destination.write(line) },
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('GW_PLUGIN_SETUP', `The option "redact" is not understood: ${reason}.`, {
      help: 'Write paths such as "user" or "attempts[*].upstreamId".',
      cause,
    });
  }
}
