/** A position in the configuration, in words. */
import type { SourcePosition } from '../config/normal.ts';

/** `gatewright.yaml:12:5`, or the path inside a configuration that was given as an object. */
export function describePosition(position: SourcePosition): string {
  if (position.file === undefined) return position.path;
  return position.line === undefined ? position.file : `${position.file}:${position.line}:${position.column ?? 1}`;
}
