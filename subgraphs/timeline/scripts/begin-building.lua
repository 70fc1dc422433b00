-- From here on the list collects what is pushed. KEYS: 1 list. ARGV: 1 run, 2 token, 3 seconds until it is given up,
-- 4 '1' to begin only where there is a list. Returns 1, or 0 when somebody builds it or there is nothing to do.
local text, _, stamp = told(KEYS[1])
if stamp == 'building' or (not text and ARGV[4] == '1') then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('RPUSH', KEYS[1], run .. ' 0 building ' .. ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
