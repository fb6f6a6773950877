/**
 * Gives back what one slot of a cluster took for groups that another slot refused.
 *
 * KEYS: the counters. ARGV: per key `algorithm, max, window, units`. What has expired meanwhile is not given back: it counts no more.
 */
export const REFUND_SCRIPT = `
local at = 0
local function text() at = at + 1 return ARGV[at] end
local function number() return tonumber(text()) end

for k = 1, #KEYS do
  local key, algorithm, max, window, units = KEYS[k], text(), number(), number(), number()
  if redis.call('EXISTS', key) == 1 then
    if algorithm == 'token_bucket' then
      local full = tonumber(redis.call('GET', key)) - units * window / max
      redis.call('SET', key, string.format('%.17g', full), 'KEEPTTL')
    elseif algorithm == 'fixed_window' then
      local used = math.max(0, tonumber(redis.call('HGET', key, 'used')) - units)
      redis.call('HSET', key, 'used', used)
    else
      local kept = redis.call('HMGET', key, 'head', 'tail', 'total')
      local head, tail, total = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
      while units > 0 and tail > head do
        local count = tonumber(redis.call('HGET', key, 'c' .. (tail - 1)))
        local back = math.min(count, units)
        units = units - back
        total = total - back
        if back == count then
          tail = tail - 1
          redis.call('HDEL', key, 's' .. tail, 'c' .. tail)
        else
          redis.call('HINCRBY', key, 'c' .. (tail - 1), -back)
        end
      end
      redis.call('HSET', key, 'tail', tail, 'total', total)
    end
  end
end
return 'OK'
`;
