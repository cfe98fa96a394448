dofile(debug.getinfo(1).source:match("@(.*/)") .. "load.lua")
local prepared
function request()
  prepared = prepared or form("token=" .. os.getenv("TOKEN"))
  return prepared
end
-- A token that is not active is answered with 200 too, and sooner.
function response(status, headers, body) count(status, body:find('"active":true', 1, true) ~= nil) end
