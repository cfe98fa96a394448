dofile(debug.getinfo(1).source:match("@(.*/)") .. "load.lua")
local prepared
function request()
  prepared = prepared or form("grant_type=client_credentials")
  return prepared
end
function response(status) count(status) end
