/** Brings the servers to the state that they are in after a while: compiled, connected, checked. */
import { request } from 'undici';
import type { Lab, SubjectName } from './lab.ts';
import { putLoad, type Load } from './load.ts';
import type { Manner } from './payload.ts';

/** The longest that one server is warmed up in one manner, in loads: a busy machine takes for ever. */
const TURNS = 8;

/** Throws when a server gives other bytes than the upstream. */
export async function warm(lab: Lab): Promise<void> {
  const { connections, seconds, warmUp } = lab.settings;
  for (const manner of ['whole', 'burst'] as const) {
    const expected = await answer(lab, 'upstream', manner);
    for (const subject of lab.tested) {
      const got = await answer(lab, subject, manner);
      if (got !== expected) throw new Error(`${subject} answers other bytes than the upstream:\n${got}`);
      let requests = 0;
      const enough = manner === 'whole' ? warmUp : warmUp / 10;
      for (let turn = 0; turn < TURNS && requests < enough; turn++) {
        requests += (await putLoad({ ...lab.ask(subject, manner), connections, seconds })).requests;
      }
    }
  }
}

/** Puts a load again and again, until so many of its requests have been answered. */
export async function warmWith(load: Load, enough: number): Promise<void> {
  for (let requests = 0; requests < enough;) requests += (await putLoad(load)).requests;
}

async function answer(lab: Lab, subject: SubjectName, manner: Manner): Promise<string> {
  const { url, headers, body } = lab.ask(subject, manner);
  const reply = await request(url, { method: 'POST', headers: { ...headers }, body });
  return reply.body.text();
}
