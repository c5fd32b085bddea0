import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** wrk, where it is installed: it takes less of the processor that the servers share with it. */
const hasWrk = (() => {
  try {
    execFileSync('sh', ['-c', 'command -v wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export const generator = hasWrk ? 'wrk' : 'autocannon';

/**
 * Sends requests for some seconds, each connection its next one as soon as the last is answered. The requests are taken
 * in turn.
 *
 * @param {string} url
 * @param {{ method?: string, path: string, headers?: Record<string, string>, body?: string }[]} requests
 * @param {{ connections: number, seconds: number }} options
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, requests: number, statuses: Record<string, number> }>}
 *   latencies in milliseconds; `statuses` counts the answers outside of 200 to 299, and `no answer`
 */
export function load(url, requests, options) {
  return hasWrk ? byWrk(url, requests, options) : byAutocannon(url, requests, options);
}

const quoted = (text) => `[==[${text}]==]`;

async function byWrk(url, requests, { connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'users-api-wrk-'));
  const script = join(folder, 'requests.lua');
  const lines = requests.map(({ method = 'GET', path, headers = {}, body }) => {
    const table = Object.entries(headers).map(([name, value]) => `[ ${quoted(name)} ] = ${quoted(value)}`);
    return `  wrk.format(${quoted(method)}, ${quoted(path)}, {${table.join(',')}}, ${body === undefined ? 'nil' : quoted(body)}),`;
  });
  writeFileSync(
    script,
    `local requests
local counter = 0
statuses = {}
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init()
  requests = {
${lines.join('\n')}
  }
end
function request()
  counter = counter % #requests + 1
  return requests[counter]
end
function response(status)
  if status < 200 or status > 299 then statuses[status] = (statuses[status] or 0) + 1 end
end
function done(summary, latency)
  local found = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do found[status] = (found[status] or 0) + count end
  end
  local list = {}
  for status, count in pairs(found) do table.insert(list, string.format('"%d":%d', status, count)) end
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  if lost > 0 then table.insert(list, string.format('"no answer":%d', lost)) end
  print(string.format('RESULT {"requests":%d,"perSecond":%f,"p50":%f,"p99":%f,"statuses":{%s}}',
    summary.requests, summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, table.concat(list, ",")))
end
`,
  );
  try {
    const { stdout } = await run(
      'wrk',
      ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url],
      { maxBuffer: 1 << 26 },
    );
    return JSON.parse(/RESULT (.*)/.exec(stdout)[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function byAutocannon(url, requests, { connections, seconds }) {
  const { default: autocannon } = await import('autocannon');
  const result = await autocannon({ url, connections, duration: seconds, requests, timeout: 30 });
  const statuses = {};
  for (const [status, { count }] of Object.entries(result.statusCodeStats ?? {})) {
    if (!status.startsWith('2')) statuses[status] = count;
  }
  if (result.errors > 0) statuses['no answer'] = result.errors;
  return {
    requests: result.requests.total,
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    statuses,
  };
}
