import { APPEND, SCRIPT_START, WINDOW_END } from './scriptParts.js';

/**
 * Spends all groups of a request in one step of Redis: the same decisions as MemoryLimiter, by Redis's own clock.
 *
 * KEYS: the counters. ARGV: groups, each `units, decides (1|0), claims`, each claim `number of its key, cost, algorithm, max, window,
 * parameter, count rejected (1|0), read only (1|0)`. Times are milliseconds. The parameter is the burst of a bucket, the resolution of a
 * sliding window, and of a fixed window the boundaries of calendar windows around now as `b0,b1,…`, or `` for windows from the epoch.
 *
 * Gives a flat list: its own clock as text, then whole numbers: per group `granted`, then per claim `remaining, retry after (-1: never), reset`.
 *
 * What stands under a key and cannot be a counter of ours is deleted, and counting begins anew: garbage locks nobody out for ever.
 *
 * Every counter expires with what it counts, in the same step that writes it: no crash leaves one behind. Needs Redis 5 or newer
 * (scripts that read the clock and write).
 */
export const SPEND_SCRIPT = `${SCRIPT_START}${WINDOW_END}${APPEND}
local function bucket(key, max, window, burst)
  local interval = window / max
  local kept = redis.pcall('GET', key)
  if type(kept) == 'table' then
    redis.call('DEL', key)
    kept = nil
  end
  local full = sane(kept) or 0
  -- Nobody can have taken more than a bucket holds.
  if full > now + burst * interval then full = now + burst * interval end
  return {
    available = function()
      if max == 0 then return 0 end
      return math.min(burst, math.floor((burst * interval - math.max(0, full - now) + 1e-3) / interval + 1e-9))
    end,
    take = function(units)
      if max == 0 then return end
      full = math.max(full, now) + units * interval
      redis.call('SET', key, string.format('%.17g', full), 'PX', ttl(full - now))
    end,
    wait = function(units)
      if max == 0 or units > burst then return -1 end
      return math.max(0, math.max(full, now) - (burst - units) * interval - now)
    end,
    reset = function() return math.max(0, full - now) end,
  }
end

local function fixed(key, max, window, boundaries)
  local kept = fields(key, 'end', 'used')
  local ends, used = sane(kept[1]) or 0, sane(kept[2]) or 0
  if now >= ends or ends > now + window then
    used = 0
    ends = windowEnd(window, boundaries)
  end
  return {
    available = function() return max - used end,
    take = function(units)
      used = used + units
      redis.call('HSET', key, 'end', string.format('%.0f', ends), 'used', used)
      redis.call('PEXPIRE', key, ttl(ends - now))
    end,
    wait = function(units)
      if units > max then return -1 end
      if used + units <= max then return 0 end
      return math.max(0, ends - now)
    end,
    reset = function() return used == 0 and 0 or math.max(0, ends - now) end,
  }
end

local function sliding(key, max, window, resolution)
  local kept = fields(key, 'head', 'tail', 'total')
  local head, tail, total = sane(kept[1]) or 0, sane(kept[2]) or 0, sane(kept[3]) or 0
  local oldest = nil
  local dropped = false
  while head < tail do
    local entry = redis.call('HMGET', key, 's' .. head, 'c' .. head)
    oldest = sane(entry[1])
    local count = sane(entry[2])
    if not oldest or not count or oldest > now + window then
      redis.call('DEL', key)
      head, tail, total, oldest, dropped = 0, 0, 0, nil, false
      break
    end
    if oldest > now - window then break end
    redis.call('HDEL', key, 's' .. head, 'c' .. head)
    total = total - count
    head = head + 1
    oldest = nil
    dropped = true
  end
  local function keep()
    redis.call('HSET', key, 'head', head, 'tail', tail, 'total', total)
  end
  if head >= tail and total > 0 then
    redis.call('DEL', key)
    head, tail, total, dropped = 0, 0, 0, false
  end
  if dropped then
    if head == tail then redis.call('DEL', key) else keep() end
  end
  return {
    available = function() return max - total end,
    take = function(units)
      local stamp = math.ceil(now / resolution) * resolution
      local grown = append(key, head, tail, stamp, units)
      if grown > tail then oldest = oldest or stamp end
      tail = grown
      total = total + units
      keep()
      redis.call('PEXPIRE', key, ttl(window + resolution + 1))
    end,
    wait = function(units)
      if units > max then return -1 end
      local excess = total + units - max
      local index = head
      while excess > 0 and index < tail do
        local entry = redis.call('HMGET', key, 's' .. index, 'c' .. index)
        excess = excess - tonumber(entry[2])
        if excess <= 0 then return math.max(0, tonumber(entry[1]) + window - now) end
        index = index + 1
      end
      return 0
    end,
    -- A stamp may be a fraction ahead of the clock; who reads how long a window is would see a longer one.
    reset = function() return oldest and math.max(0, math.min(window, oldest + window - now)) or 0 end,
  }
end

local result = { string.format('%.3f', now) }
local stopped = false
for _ = 1, number() do
  local units, decides, claims = number(), text() == '1', number()
  local meters = {}
  local granted = stopped and 0 or units
  for c = 1, claims do
    local key, cost, algorithm = KEYS[number()], number(), text()
    local max, window, parameter = number(), number(), text()
    local meter
    if algorithm == 'token_bucket' then meter = bucket(key, max, window, tonumber(parameter))
    elseif algorithm == 'fixed_window' then meter = fixed(key, max, window, parameter)
    else meter = sliding(key, max, window, tonumber(parameter)) end
    meter.cost = cost
    meter.rejected = text() == '1'
    meter.readOnly = text() == '1'
    meters[c] = meter
    if not stopped and cost > 0 then
      granted = math.min(granted, math.max(0, math.floor(meter.available() / cost)))
    end
  end
  if decides and granted < units then granted = 0 end
  result[#result + 1] = granted
  for c = 1, claims do
    local meter = meters[c]
    local taken = 0
    if not meter.readOnly and not stopped then taken = (meter.rejected and units or granted) * meter.cost end
    if taken > 0 then meter.take(taken) end
    result[#result + 1] = math.max(0, meter.available())
    result[#result + 1] = granted < units and math.ceil(meter.wait(meter.cost)) or 0
    result[#result + 1] = math.ceil(meter.reset())
  end
  if decides and granted < units then stopped = true end
end
return result
`;
