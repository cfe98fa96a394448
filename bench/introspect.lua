dofile(debug.getinfo(1).source:match("@(.*/)") .. "load.lua")
local prepared
function request()
  prepared = prepared or form("token=" .. os.getenv("TOKEN"))
  return prepared
end
function response(status) count(status) end
