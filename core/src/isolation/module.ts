/** Imports the plugin of a module that has been checked before. */
import { isPlugin, type Plugin } from '../plugin.ts';

/** Throws where the module has become another one meanwhile. */
export async function pluginOf(url: string): Promise<Plugin> {
  const { default: exported } = (await import(url)) as { readonly default?: unknown };
  // What TypeScript compiles to CommonJS has its default export one level down.
  const inner = (exported as { readonly default?: unknown } | undefined)?.default;
  for (const candidate of [exported, inner]) if (isPlugin(candidate)) return candidate;
  throw new Error('the module has no plugin any more');
}
