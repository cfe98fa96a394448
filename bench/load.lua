-- What the loads share: counting answers by thread and printing the sum (wrk's own statistics count every status as an answer).
local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

function init()
  succeeded, failed = 0, 0
end

-- `is_right`: whether the body too is what was asked for.
function count(status, is_right)
  if status == 200 and is_right ~= false then succeeded = succeeded + 1 else failed = failed + 1 end
end

function done()
  local good, bad = 0, 0
  for _, thread in ipairs(threads) do
    good = good + thread:get("succeeded")
    bad = bad + thread:get("failed")
  end
  print(string.format("result %d %d", good, bad))
end

-- A request with the client's credentials in a form.
function form(body)
  return wrk.format("POST", nil, { ["Content-Type"] = "application/x-www-form-urlencoded" },
    "client_id=" .. os.getenv("CLIENT_ID") .. "&client_secret=" .. os.getenv("CLIENT_SECRET") .. "&" .. body)
end

-- The lines of the file SEEDS.
function seeds()
  local lines = {}
  for line in io.lines(os.getenv("SEEDS")) do table.insert(lines, line) end
  return lines
end
