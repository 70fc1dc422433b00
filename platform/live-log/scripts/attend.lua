-- Marks viewers of one bucket as present. ARGV after the log's: viewers. Returns epoch, position, time.
local viewers = {}
for i = 3, #ARGV do
  viewers[#viewers + 1] = ARGV[i]
end
return attend(viewers)
