/** Holds the outcomes of attempts, of which bills are made, against what the caller saw. */
import type { AttemptOutcome } from '@gatewright/core';
import type { LabCase } from './case.ts';
import type { Seen } from './observation.ts';
import { USAGE } from './words.ts';

/** What is wrong with the bill. */
export function billed(
  { ends, untold = false, asked }: LabCase,
  seen: Seen,
  outcomes: readonly AttemptOutcome[],
): string[] {
  const wrong: string[] = [];
  const reached = asked.split('+').reduce((sum, count) => sum + Number(count), 0);
  if (outcomes.length < reached) wrong.push(`${outcomes.length} attempts were settled, and ${reached} requests made`);
  const good = outcomes.filter(({ result }) => result === 'success');
  if (typeof ends !== 'string') {
    if (good.length > 0) wrong.push('an attempt that failed is billed as a success');
    // What was said has its price, although it broke.
    const told = outcomes.reduce((sum, { produced = 0, usage }) => sum + produced + (usage?.output ?? 0), 0);
    if (seen.text !== '' && told === 0) wrong.push('what the caller got before the error costs nothing');
    return wrong;
  }
  if (good.length !== 1) wrong.push(`${good.length} attempts are billed as a success`);
  const { usage, produced = 0 } = good[0] ?? {};
  if (untold) {
    if (usage === undefined && produced === 0) wrong.push('an answer that tells no usage costs nothing');
  } else if (usage?.input !== USAGE.input || usage.output !== USAGE.output) {
    wrong.push(`the usage is ${usage?.input} and ${usage?.output}, not ${USAGE.input} and ${USAGE.output}`);
  }
  return wrong;
}
