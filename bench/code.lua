-- Every exchange spends a code of its own; the load ends early when there are no more.
dofile(debug.getinfo(1).source:match("@(.*/)") .. "load.lua")
local codes, next_code = seeds(), 1
local uri = os.getenv("REDIRECT_URI")
function request()
  local code = codes[next_code]
  if not code then
    wrk.thread:stop()
    code = codes[#codes]
  end
  next_code = next_code + 1
  return form("grant_type=authorization_code&code=" .. code .. "&redirect_uri=" .. uri)
end
function response(status)
  if succeeded < #codes then count(status) end
end
