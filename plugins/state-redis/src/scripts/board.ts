/** Putting notices up on a board, and reading them. */

/**
 * A topic has a hash: `v`, which changes with every post, and for each key `n:<key>`: when it goes, the post's id, the value. A
 * sorted set has the keys by when they go, so that a post costs the same however many notices are up.
 */
const NOW = `
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local function fmt(n) return string.format('%.0f', n) end
`;

/** KEYS: notices, ends. ARGV: key, value, time to live, the post's id, how many notices there may be. */
export const POST = `#!lua
${NOW}
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', fmt(now))
for _, one in ipairs(over) do
  redis.call('HDEL', KEYS[1], 'n:' .. one)
  redis.call('ZREM', KEYS[2], one)
end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then
  local first = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  redis.call('HDEL', KEYS[1], 'n:' .. first)
  redis.call('ZREM', KEYS[2], first)
end
local ttl = tonumber(ARGV[3])
redis.call('ZADD', KEYS[2], fmt(now + ttl), ARGV[1])
redis.call('HSET', KEYS[1], 'n:' .. ARGV[1], fmt(now + ttl) .. ' ' .. ARGV[4] .. ' ' .. ARGV[2], 'v', ARGV[4])
if redis.call('PTTL', KEYS[1]) < ttl then
  redis.call('PEXPIRE', KEYS[1], fmt(ttl))
  redis.call('PEXPIRE', KEYS[2], fmt(ttl))
end
return {'OK'}
`;

/** KEYS: notices. ARGV: the version that is known. Answers the version, and where it is another, key, id, time left and value of each notice. */
export const READ = `#!lua flags=allow-oom
local version = redis.call('HGET', KEYS[1], 'v') or ''
if version == ARGV[1] then return {version} end
${NOW}
local all = redis.call('HGETALL', KEYS[1])
local found = {version}
for i = 1, #all, 2 do
  local ends, id, value = string.match(all[i + 1], '^(%d+) (%S+) (.*)$')
  if ends and tonumber(ends) > now then
    found[#found + 1] = string.sub(all[i], 3)
    found[#found + 1] = id
    found[#found + 1] = fmt(tonumber(ends) - now)
    found[#found + 1] = value
  end
end
return found
`;
