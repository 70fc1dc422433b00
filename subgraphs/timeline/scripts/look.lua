-- A stretch of a viewer's list, and where the log stands: the position is at most as new as the list, since both are
-- read at once. KEYS after the log's: 4 list. ARGV after the log's: 3 viewer, 4 seconds that the list lives on,
-- 5 'down' or 'up', 6 only newer than, 7 only older than, 8 how many at most.
-- Returns epoch, position, time, what the list tells (empty when there is none to read), ids in the direction's order.
local viewer, direction, above, below, limit = ARGV[3], ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])
local list = KEYS[4]

local answer = attend({ viewer })
local text, _, stamp = told(list)
if not text or stamp == 'building' then
  answer[4] = ''
  return answer
end
redis.call('EXPIRE', list, ARGV[4])
answer[4] = text

local last = redis.call('LLEN', list) - 2
local first, final, step = 0, last, 1
if direction == 'up' then
  first, final, step = last, 0, -1
end
-- In pieces, because most reads end in the first one.
local PIECE = 100
local found, at = 0, first
while found < limit and ((step == 1 and at <= final) or (step == -1 and at >= final)) do
  local from, to = at, math.min(at + PIECE - 1, last)
  if step == -1 then
    from, to = math.max(at - PIECE + 1, 0), at
  end
  local ids = redis.call('LRANGE', list, from, to)
  local i, stop = 1, #ids
  if step == -1 then
    i, stop = #ids, 1
  end
  while found < limit and i ~= stop + step do
    if newer(ids[i], above) and newer(below, ids[i]) then
      found = found + 1
      answer[4 + found] = ids[i]
    end
    i = i + step
  end
  at = at + step * PIECE
end
return answer
