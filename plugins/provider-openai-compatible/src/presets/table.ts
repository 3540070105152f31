/** All presets by their ids. */
import { nearest } from '@gatewright/core';
import { HOSTS_A_F } from './hosts-a-f.ts';
import { HOSTS_G_M } from './hosts-g-m.ts';
import { HOSTS_N_Z } from './hosts-n-z.ts';
import { LOCAL } from './local.ts';
import { MAKERS_A_L } from './makers-a-l.ts';
import { MAKERS_M_Z } from './makers-m-z.ts';
import type { Preset } from './preset.ts';
import { ROUTERS } from './routers.ts';
import { SEARCHERS } from './searchers.ts';

/** The presets, sorted by id. */
export const PRESETS: readonly Preset[] = [
  MAKERS_A_L,
  MAKERS_M_Z,
  HOSTS_A_F,
  HOSTS_G_M,
  HOSTS_N_Z,
  ROUTERS,
  LOCAL,
  SEARCHERS,
]
  .flat()
  .toSorted((one, other) => (one.id < other.id ? -1 : 1));

const BY_ID: ReadonlyMap<string, Preset> = new Map(PRESETS.map((preset) => [preset.id, preset]));

/** The preset of this id; undefined where there is none. */
export function presetOf(id: string): Preset | undefined {
  return BY_ID.get(id);
}

/** What to say about an id that is none: the one that was probably meant, or where all of them are listed. */
export function unknownPreset(id: string): string {
  const near = nearest(
    id,
    PRESETS.map((preset) => preset.id),
  );
  const hint = near === undefined ? `the README lists all ${PRESETS.length}` : `did you mean "${near}"?`;
  return `is no preset: ${hint}`;
}
