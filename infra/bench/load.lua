-- What wrk sends: a chat completion of about 700 bytes, to each group in turn.
-- wrk ... -s load.lua http://host:port -- <groups> <json|sse>

local path = "/proxy/bench-%d/v1/chat/completions"
local requests, last = {}, 0
local pause = tonumber(os.getenv("BENCH_PAUSE") or "0")

local function body(stream)
  local question = "Explain to a new colleague what a gateway in front of several AI providers is good for. "
  return '{"model":"gpt-4.1",' .. (stream and '"stream":true,"stream_options":{"include_usage":true},' or '')
    .. '"temperature":0.2,"max_tokens":256,"messages":[{"role":"system","content":"Answer in two sentences."},'
    .. '{"role":"user","content":"' .. question:rep(6) .. '"}]}'
end

function init(args)
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_ACCESS_KEY")
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json"
  wrk.headers["User-Agent"] = "OpenAI/Python 1.70.0"
  wrk.body = body(args[2] == "sse")
  for group = 1, tonumber(args[1]) do
    requests[group] = wrk.format(nil, path:format(group))
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

-- Of random length, so that connections do not ask at the same time.
if pause > 0 then
  function delay()
    return math.random(0, 2 * pause)
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
