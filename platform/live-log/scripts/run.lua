-- Begins every script. Which life of Redis the caller is connected to: after a restart, what was saved may be an old
-- past, in which pushes and announcements are missing.
local run = ARGV[1]

