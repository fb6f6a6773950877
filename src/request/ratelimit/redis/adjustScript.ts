import { APPEND, SCRIPT_START, WINDOW_END } from './scriptParts.js';

/**
 * Gives back what was taken for nothing, or takes what was taken too little of.
 *
 * KEYS: the counters. ARGV: per key `algorithm, max, window, parameter (as for SPEND_SCRIPT), units (below 0: given back), when it was taken`.
 * What has expired meanwhile is not given back: it counts no more. See Meter.
 */
export const ADJUST_SCRIPT = `${SCRIPT_START}${WINDOW_END}${APPEND}
local function bucket(key, max, window, burst, units)
  if max == 0 then return end
  local kept = redis.pcall('GET', key)
  local full = type(kept) ~= 'table' and sane(kept) or 0
  if units > 0 then full = math.max(full, now) end
  full = math.min(full + units * window / max, now + burst * window / max)
  if full > now then redis.call('SET', key, string.format('%.17g', full), 'PX', ttl(full - now)) else redis.call('DEL', key) end
end

local function fixed(key, window, boundaries, units, taken)
  local kept = fields(key, 'end', 'used')
  local ends = sane(kept[1]) or 0
  local used = sane(kept[2]) or 0
  if units < 0 then
    if now < ends and taken >= ends - window then redis.call('HSET', key, 'used', math.max(0, used + units)) end
    return
  end
  if now >= ends then
    used = 0
    ends = windowEnd(window, boundaries)
  end
  redis.call('HSET', key, 'end', string.format('%.0f', ends), 'used', used + units)
  redis.call('PEXPIRE', key, ttl(ends - now))
end

local function sliding(key, window, resolution, units, taken)
  local kept = fields(key, 'head', 'tail', 'total')
  local head = sane(kept[1]) or 0
  local tail = sane(kept[2]) or 0
  local total = sane(kept[3]) or 0
  if units > 0 then
    local stamp = math.ceil(now / resolution) * resolution
    tail = append(key, head, tail, stamp, units)
    redis.call('HSET', key, 'head', head, 'tail', tail, 'total', total + units)
    redis.call('PEXPIRE', key, ttl(window + resolution + 1))
    return
  end
  local stamp = math.ceil(taken / resolution) * resolution
  local left = -units
  local index = tail - 1
  while index >= head and left > 0 do
    local entry = redis.call('HMGET', key, 's' .. index, 'c' .. index)
    if tonumber(entry[1]) <= stamp then
      local back = math.min(left, tonumber(entry[2]))
      if back > 0 then redis.call('HINCRBY', key, 'c' .. index, -back) end
      left = left - back
    end
    index = index - 1
  end
  if left < -units then redis.call('HSET', key, 'total', total + units + left) end
end

for k = 1, #KEYS do
  local key, algorithm, max, window, parameter, units, taken = KEYS[k], text(), number(), number(), text(), number(), number()
  if units > 0 or redis.call('EXISTS', key) == 1 then
    if algorithm == 'token_bucket' then bucket(key, max, window, tonumber(parameter), units)
    elseif algorithm == 'fixed_window' then fixed(key, window, parameter, units, taken)
    else sliding(key, window, tonumber(parameter), units, taken) end
  end
end
return 'OK'
`;
