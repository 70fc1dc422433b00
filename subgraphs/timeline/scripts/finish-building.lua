-- Merges what Postgres had with what was pushed meanwhile. KEYS: 1 list. ARGV: 1 run, 2 token, 3 floor, 4 stamp,
-- 5 built at, 6 seconds that it lives, 7… ids, newest first. Returns 1, or 0 when the building was given up.
local list, floor = KEYS[1], ARGV[3]
if told(list) ~= run .. ' 0 building ' .. ARGV[2] then
  return 0
end
local pushed = redis.call('LRANGE', list, 0, -2)
redis.call('DEL', list)

local merged, p, a = {}, 1, 7
while p <= #pushed or a <= #ARGV do
  local mine, theirs = pushed[p], ARGV[a]
  if mine and (not theirs or newer(mine, theirs)) then
    if not newer(floor, mine) then
      merged[#merged + 1] = mine
    end
    p = p + 1
  else
    merged[#merged + 1] = theirs
    if mine == theirs then
      p = p + 1
    end
    a = a + 1
  end
end
merged[#merged + 1] = table.concat({ run, floor, ARGV[4], ARGV[5] }, ' ')
for from = 1, #merged, 1000 do
  redis.call('RPUSH', list, unpack(merged, from, math.min(from + 999, #merged)))
end
redis.call('EXPIRE', list, ARGV[6])
return 1
