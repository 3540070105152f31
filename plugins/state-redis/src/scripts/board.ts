/** Putting notices up on a board, and reading them. */

/** The topic's hash has `v`, which changes with every post, and for each key `n:<key>`: when it goes, the post's id, the value. */
const NOTICES = `
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local all = redis.call('HGETALL', KEYS[1])
`;

/** KEYS: topic. ARGV: key, value, time to live, the post's id, how many notices there may be. */
export const POST = `#!lua
${NOTICES}
local field, count, first, soonest = 'n:' .. ARGV[1], 0, nil, math.huge
for i = 1, #all, 2 do
  local ends = tonumber(string.match(all[i + 1], '^(%d+) '))
  if all[i] ~= 'v' and all[i] ~= field then
    if ends <= now then
      redis.call('HDEL', KEYS[1], all[i])
    else
      count = count + 1
      if ends < soonest then first = all[i]; soonest = ends end
    end
  end
end
if first and count >= tonumber(ARGV[5]) then redis.call('HDEL', KEYS[1], first) end
local ttl = math.floor(tonumber(ARGV[3]))
local ends = string.format('%.0f', now + ttl)
redis.call('HSET', KEYS[1], field, ends .. ' ' .. ARGV[4] .. ' ' .. ARGV[2], 'v', ARGV[4])
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return {'OK'}
`;

/** KEYS: topic. ARGV: the version that is known. Answers the version, and where it is another, key, id, time left and value of each notice. */
export const READ = `#!lua flags=allow-oom
local version = redis.call('HGET', KEYS[1], 'v') or ''
if version == ARGV[1] then return {version} end
${NOTICES}
local found = {version}
for i = 1, #all, 2 do
  local ends, id, value = string.match(all[i + 1], '^(%d+) (%S+) (.*)$')
  if ends and tonumber(ends) > now then
    found[#found + 1] = string.sub(all[i], 3)
    found[#found + 1] = id
    found[#found + 1] = string.format('%.0f', tonumber(ends) - now)
    found[#found + 1] = value
  end
end
return found
`;
