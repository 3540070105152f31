/** Where the counters of scopes are, where they are spread over slots. */
import { OPEN_FOR_WRITING } from './prelude.ts';

/**
 * Whoever names a scope first decides. KEYS: meta, directory. ARGV: epoch, then per scope: scope, the tag that it would get.
 * Answers the tags.
 */
export const RESOLVE = `#!lua
${OPEN_FOR_WRITING}
local reply = {'OK', seq, fmt(now)}
for i = 2, #ARGV, 2 do
  redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1])
  reply[#reply + 1] = redis.call('HGET', KEYS[2], ARGV[i])
end
return reply
`;
