/** The language of `if:`: which environment variables an entry of the configuration depends on. */
import type { Fault } from './problems.ts';

/** The environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const TERM = /\s*(!?)\s*env\.([A-Za-z_]\w*)(?:\s*(==|!=)\s*("[^"]*"|'[^']*'))?\s*/y;
const JOIN = /&&|\|\|/y;

/**
 * Judges `env.X`, `!env.X`, `env.X == "v"` and `env.X != "v"`, joined by `&&` and `||` (`&&` binds first).
 * A variable that is set to nothing counts as not set.
 */
export function judgeCondition(text: string, env: Environment): boolean | Fault {
  let any = false;
  let all = true;
  for (let at = 0; ;) {
    TERM.lastIndex = at;
    const term = TERM.exec(text);
    const [, not, name = '', operator, quoted] = term ?? [];
    if (!term || (not === '!' && operator)) return unreadable(text, at);
    const value = env[name] ?? '';
    const truth = operator ? (value === quoted?.slice(1, -1)) === (operator === '==') : value !== '';
    all &&= not === '!' ? !truth : truth;
    at = TERM.lastIndex;
    if (at === text.length) return any || all;
    JOIN.lastIndex = at;
    const join = JOIN.exec(text);
    if (!join) return unreadable(text, at);
    if (join[0] === '||') {
      any ||= all;
      all = true;
    }
    at = JOIN.lastIndex;
  }
}

function unreadable(text: string, at: number): Fault {
  const rest = text.slice(at).trim();
  return {
    message: rest === '' ? 'the condition ends too early' : `the condition cannot be read from \`${rest}\` on`,
    help: 'write env.NAME, !env.NAME, env.NAME == "value" or env.NAME != "value", joined by && or ||',
  };
}
