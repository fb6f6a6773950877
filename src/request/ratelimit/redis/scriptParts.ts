/**
 * What the scripts begin with: Redis's own clock in milliseconds, a reader of ARGV, what is left of a time as an expiry, and readers of what
 * others may have written over.
 */
export const SCRIPT_START = `
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + tonumber(clock[2]) / 1000
local at = 0
local function text() at = at + 1 return ARGV[at] end
local function number() return tonumber(text()) end
local function ttl(ms) return math.max(1, math.ceil(ms)) end
-- Undefined for what is no number of an amount or time: text, nan, infinity.
local function sane(value)
  local found = value and tonumber(value)
  if found and found > -1e16 and found < 1e16 then return found end
end
local function fields(key, ...)
  local kept = redis.pcall('HMGET', key, ...)
  if kept.err then
    redis.call('DEL', key)
    return {}
  end
  return kept
end
`;

/** The end of the fixed window around now: the first boundary after it (`b0,b1,…`), or of windows from the epoch. */
export const WINDOW_END = `
local function windowEnd(window, boundaries)
  local ends = (math.floor(now / window) + 1) * window
  for boundary in string.gmatch(boundaries, '[^,]+') do
    ends = tonumber(boundary)
    if now < ends then break end
  end
  return ends
end
`;

/** Writes what was taken behind the newest entry of a sliding window, or into it while its stamp counts; gives the new end. */
export const APPEND = `
local function append(key, head, tail, stamp, units)
  if tail > head and tonumber(redis.call('HGET', key, 's' .. (tail - 1))) >= stamp then
    redis.call('HINCRBY', key, 'c' .. (tail - 1), units)
    return tail
  end
  redis.call('HSET', key, 's' .. tail, string.format('%.17g', stamp), 'c' .. tail, units)
  return tail + 1
end
`;
