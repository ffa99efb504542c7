-- Posts the file named after `--`, with the Authorization that may follow it; prints one line of JSON with what wrk counted.
function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = arguments[2]
  file:close()
end

function done(summary, latency, _)
  local errors = summary.errors
  local template = '\ncounted {"requests": %d, "duration_us": %d, "bytes": %d, "refused": %d, "broken": %d, "p50_us": %d}\n'
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    template, summary.requests, summary.duration, summary.bytes, errors.status, broken, latency:percentile(50)
  ))
end
