-- Begins every script that touches a bucket's live log.
-- KEYS: 1 log, 2 its epoch, 3 who is present. ARGV: 1 run, 2 name for an epoch that has to begin.
local RETENTION_MS = 16 * 60 * 1000 -- a minute more than is promised

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function ms(value)
  return string.format('%.0f', value)
end

-- An epoch ends with anything that may have lost announcements: the log gone, its epoch gone, or another run of Redis,
-- whose memory may be an old one. Nobody is present in a new one, until each says so again.
local function epoch()
  local known = redis.call('GET', KEYS[2])
  if known and string.sub(known, 1, #run + 1) == run .. ' ' and redis.call('EXISTS', KEYS[1]) == 1 then
    return string.sub(known, #run + 2)
  end
  redis.call('DEL', KEYS[3])
  redis.call('SET', KEYS[2], run .. ' ' .. ARGV[2])
  redis.call('XADD', KEYS[1], '*', 'kind', 'origin', 'epoch', ARGV[2])
  return ARGV[2]
end

-- Marks viewers as present; returns the epoch, the position of the last announcement, and the time.
local function attend(viewers)
  local current = epoch()
  for i = 1, #viewers do
    redis.call('ZADD', KEYS[3], ms(now), viewers[i])
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ms(now - RETENTION_MS))
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      return { current, info[i + 1], ms(now) }
    end
  end
end
