/** What a TypeScript configuration is written with. */
import type { z } from 'zod';
import type { Plugin } from '../plugin.ts';
import type { GatewayConfig, PluginEntry } from './schema.ts';

/** A configuration, checked by the compiler: `export default defineConfig({ … })` in `gatewright.config.ts`. */
export function defineConfig(config: GatewayConfig): GatewayConfig {
  return config;
}

type OptionsArgument<S extends z.ZodObject> =
  Record<string, never> extends z.input<S> ? [options?: z.input<S>] : [options: z.input<S>];

/**
 * A plugin for `plugins`, with options that the compiler checks against the plugin's own schema:
 * `use(plugin, { apiKey: '${env:API_KEY}' })`. For `id` and `if`, spread it: `{ ...use(plugin), id: 'second' }`.
 */
export function use<S extends z.ZodObject>(plugin: Plugin<S>, ...[options]: OptionsArgument<S>): PluginEntry {
  return { use: plugin, ...(options && { with: options }) };
}
