/** A position in the configuration, in words. */
import type { NormalPlugin, SourcePosition } from '../config/normal.ts';
import { isPackage } from '../config/resolve.ts';

/** `gatewright.yaml:12:5`, or the path inside a configuration that was given as an object. */
export function describePosition(position: SourcePosition): string {
  if (position.file === undefined) return position.path;
  return position.line === undefined ? position.file : `${position.file}:${position.line}:${position.column ?? 1}`;
}

/** The same for a plugin, with the package and version where it comes from one: `@acme/guard 1.2.0, gatewright.yaml:12:5`. */
export function describeOrigin({ use, plugin, position }: Pick<NormalPlugin, 'use' | 'plugin' | 'position'>): string {
  const where = describePosition(position);
  return isPackage(use) ? `${plugin.name} ${plugin.version}, ${where}` : where;
}
