dofile(debug.getinfo(1).source:match("@(.*/)") .. "load.lua")
local prepared
function request()
  prepared = prepared or wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") })
  return prepared
end
function response(status) count(status) end
