-- Brings one announcement to people of one bucket: into or out of their lists, and onto the log for those present.
-- KEYS after the log's: the lists of `users`, or none. ARGV after the log's: 3 kind, 4 entry, 5 tweet, 6 cause, 7 how many
-- ids a list keeps, 8 how many more it may hold before it is trimmed, 9… users. Returns those of them who have no list and
-- are not present, as one text.
local kind, entry, tweet, cause = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local keep, slack = tonumber(ARGV[7]), tonumber(ARGV[8])
local FIRST = 9

local function trim(list, text)
  redis.call('LTRIM', list, 0, keep - 1)
  local floor = redis.call('LINDEX', list, -1)
  redis.call('RPUSH', list, (string.gsub(text, '^(%x+) %d+', '%1 ' .. floor)))
end

-- What the entry goes before; nothing when the list has it. Looks near the head first: entries that were posted at the
-- same time come in any order, and only replays come late.
local PIECE = 50
local function place(list, text)
  for from = 0, redis.call('LLEN', list) - 2, PIECE do
    for _, id in ipairs(redis.call('LRANGE', list, from, from + PIECE - 1)) do
      if id == entry then
        return nil
      end
      if id == text or newer(entry, id) then
        return id
      end
    end
  end
  return text
end

-- Again changes nothing. What lies below the floor is left to Postgres. Returns whether there is a list.
local function push(list)
  local text, floor, stamp = told(list)
  if not text or newer(floor, entry) then
    return text
  end
  local length
  local head = redis.call('LINDEX', list, 0)
  if head == text or newer(entry, head) then
    length = redis.call('LPUSH', list, entry)
  elseif head ~= entry then
    local pivot = place(list, text)
    length = pivot and redis.call('LINSERT', list, 'BEFORE', pivot, entry)
  end
  if length and length > keep + slack + 1 and stamp ~= 'building' then
    trim(list, text)
  end
  return text
end

local isAway = {}
for i = 4, #KEYS do
  if kind == 'added' then
    isAway[i - 3] = not push(KEYS[i])
  elseif told(KEYS[i]) then
    redis.call('LREM', KEYS[i], 1, entry)
  end
end

epoch()
local present, away = {}, {}
for i, seen in ipairs(redis.call('ZMSCORE', KEYS[3], unpack(ARGV, FIRST))) do
  if seen and tonumber(seen) >= now - RETENTION_MS then
    present[#present + 1] = ARGV[FIRST - 1 + i]
  elseif isAway[i] then
    away[#away + 1] = ARGV[FIRST - 1 + i]
  end
end
if #present > 0 then
  redis.call('XADD', KEYS[1], 'MINID', '~', ms(now - RETENTION_MS), '*',
    'kind', kind, 'entry', entry, 'tweet', tweet, 'cause', cause, 'viewers', table.concat(present, ' '))
end
return table.concat(away, ' ')
