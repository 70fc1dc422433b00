-- Begins every script that touches lists.
--
-- A list is one key: ids from the newest to the oldest, then one text that tells about it, so that an eviction or an
-- expiry takes all of it or nothing:
--   "<run> <floor> <stamp> <built at>", or "<run> 0 building <token>" while it only collects what is pushed.

-- Ids have 64 bits and Lua's numbers 53, so they are compared as texts.
local function newer(a, b)
  if #a ~= #b then
    return #a > #b
  end
  return a > b
end

-- The text, the floor and the stamp; nothing when there is no list. One of another run may have missed pushes.
local function told(list)
  local text = redis.call('LINDEX', list, -1)
  if not text then
    return nil
  end
  local of, floor, stamp = string.match(text, '^(%x+) (%d+) (%S+)')
  if of ~= run then
    redis.call('DEL', list)
    return nil
  end
  return text, floor, stamp
end
