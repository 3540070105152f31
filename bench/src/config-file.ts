/** A configuration as a file, for gateways that are started as users start them. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayConfig } from '@gatewright/core';

/** Plugins are looked for from the folder of the configuration. */
const FOLDER = join(import.meta.dirname, '..', '.gatewright');

/** Writes the file, and removes it after its use. The configuration names its plugins as packages. */
export async function withConfigFile<T>(
  name: string,
  config: GatewayConfig,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = join(FOLDER, `${name}.yaml`);
  await mkdir(FOLDER, { recursive: true });
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  try {
    return await use(file);
  } finally {
    await rm(file);
  }
}
