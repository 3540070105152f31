/** What plugins say of themselves, in rows of a plan. */
import type { Capabilities } from '../capabilities.ts';

const READS = { none: 'reads nothing', bytes: 'reads bytes', neutral: 'reads what is said' } as const;

/** The words of the contract as people say them; undefined where a plugin says none of them. */
export function declaredText({ reads, mutates, network, secrets }: Capabilities): string | undefined {
  const said = [
    ...(reads === undefined ? [] : [READS[reads]]),
    ...(mutates === undefined ? [] : [mutates ? 'changes it' : 'changes nothing']),
    ...(network === undefined ? [] : [networkText(network)]),
    ...(secrets === undefined ? [] : [secrets ? 'holds secrets' : 'no secrets']),
  ];
  return said.length === 0 ? undefined : said.join(', ');
}

/** More hosts than these would hide the rest. */
const SHOWN = 3;

function networkText(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'calls nobody by itself';
  const more = hosts.length > SHOWN ? ` and ${hosts.length - SHOWN} more` : '';
  return `calls ${hosts.slice(0, SHOWN).join(', ')}${more}`;
}
