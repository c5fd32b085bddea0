// npm run bench [-- --users 1000000 --rounds 5 --seconds 5 --only token-check,list --without better-auth --node /path/to/node]
//
// The API beside a *limit* server (bare node:http and prepared statements doing the same SQL) and better-auth, on one
// database server, in alternating rounds of one run. On a noisy machine only the ratios within a run mean anything.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { prepare } from '../scripts/lib/prepare.mjs';
import { createDatabase, freePort, startDatabase } from './lib/database.mjs';
import { generator, load } from './lib/load.mjs';
import { cpuSeconds, machineSeconds, residentMiB, startServer } from './lib/processes.mjs';
import { emailOf, seedBetterAuth, seedSessions, seedUsers } from './lib/seed.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    without: { type: 'string', default: '' },
    node: { type: 'string', default: process.execPath },
    results: { type: 'string' },
    /** Fails when a ratio is below half of its goal: for CI. */
    check: { type: 'boolean', default: false },
  },
});
const users = Number(options.users);
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const without = options.without.split(',');
const PASSWORD = 'benchmarks keep no secrets';
const COST = '10';
const ADMIN = { email: 'admin@example.com', password: 'administrators keep secrets' };

prepare();
if (!without.includes('better-auth') && !existsSync(join(here, 'node_modules/better-auth'))) {
  execFileSync('npm', ['ci', '--prefix', here, '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const json = (body) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const withToken = (token) => ({ 'x-user-token': token });

const folder = mkdtempSync(join(tmpdir(), 'users-api-bench-run-'));
const database = await startDatabase();
const started = [];
try {
  await main();
} finally {
  for (const server of started) await server.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The same requests for all servers that understand them. */
const everywhere = (requests, cookies) => ({
  limit: requests,
  ours: requests,
  ...(cookies ? { 'better-auth': cookies } : {}),
});

async function main() {
  const ours = await startOurs();
  const person = await post(ours.url, '/v1/users', {
    user: {
      email: 'template@example.com',
      password: PASSWORD,
      first_name: 'Bench',
      last_name: 'Mark',
      phone: '+4915112345678',
    },
  });
  const digest = await digestOf(person.id);
  await seedUsers(ours.databaseUrl, person.id, users);
  await recount(ours);
  const tokens = await seedSessions(ours.databaseUrl, Math.min(1000, users));
  const { token: adminToken } = await post(ours.url, '/v1/sessions', ADMIN);
  const memoryIdle = residentMiB(ours.pid);

  const limit = await startLimit(ours.databaseUrl);
  const servers = { limit, ours };
  let betterTokens = [];
  if (!without.includes('better-auth')) {
    servers['better-auth'] = await startBetterAuth();
    await seedBetterAuth(servers['better-auth'].databaseUrl, digest, Math.min(users, 10_000));
    betterTokens = await betterAuthCookies(servers['better-auth']);
  }

  const signIns = Array.from({ length: Math.min(2000, users) }, (_, index) => ({
    email: emailOf(index),
    password: PASSWORD,
  }));
  const tokenCheck = everywhere(
    tokens.map((token) => ({ path: '/v1/users/me', headers: withToken(token) })),
    betterTokens.map(({ cookie }) => ({ path: '/api/auth/get-session', headers: { cookie } })),
  );
  const signIn = everywhere(
    signIns.map((body) => ({ method: 'POST', path: '/v1/sessions', ...json(body) })),
    signIns.map((body) => ({ method: 'POST', path: '/api/auth/sign-in/email', ...json(body) })),
  );
  const list = (query) => ({ path: `/v1/users?${query}`, headers: withToken(adminToken) });
  const betterList = [
    { path: '/api/auth/admin/list-users?limit=25', headers: { cookie: betterTokens.at(-1)?.cookie ?? '' } },
  ];
  const late = Math.max(1, Math.floor(users / 25));
  const middleId = Math.floor(users / 2);
  const unique = (() => {
    let counter = Date.now();
    return () => `new${counter++}@example.com`;
  })();
  const signUps = () =>
    Array.from({ length: 3000 }, () => {
      const email = unique();
      return {
        user: { email, password: PASSWORD, first_name: 'New', last_name: 'Person', phone: '+4915112345678' },
      };
    });

  const operations = [
    {
      name: 'token-check-16',
      what: 'token check (GET /v1/users/me), 16 connections',
      connections: 16,
      requests: tokenCheck,
      goal: 0.7,
    },
    {
      name: 'token-check-64',
      what: 'token check, 64 connections',
      connections: 64,
      requests: tokenCheck,
      goal: 0.7,
    },
    {
      name: 'email-has-account',
      what: 'email_has_account, 16 connections',
      connections: 16,
      goal: 0.8,
      requests: everywhere(
        Array.from({ length: 1000 }, (_, index) => ({
          method: 'POST',
          path: '/v1/users/email_has_account',
          ...json({ email: index % 2 ? emailOf(index) : `x${index}@example.com` }),
        })),
      ),
    },
    {
      name: 'list-25',
      what: 'list, 25 a page, exact total, 16 connections',
      connections: 16,
      goal: 2,
      requests: everywhere([list('page_size=25')], betterTokens.length > 0 ? betterList : undefined),
    },
    {
      name: 'list-50',
      what: 'list, 50 a page, 16 connections',
      connections: 16,
      goal: 2,
      requests: everywhere([list('page_size=50')]),
    },
    {
      name: 'sign-in',
      what: `sign-in at bcrypt ${COST}, 8 connections`,
      connections: 8,
      goal: 0.95,
      requests: signIn,
    },
    {
      name: 'sign-up',
      what: `sign-up at bcrypt ${COST}, 8 connections`,
      connections: 8,
      goal: 0.95,
      fresh: true,
      requests: () => {
        const bodies = signUps();
        return everywhere(
          bodies.map((body) => ({ method: 'POST', path: '/v1/users', ...json(body) })),
          bodies.map(({ user }) => ({
            method: 'POST',
            path: '/api/auth/sign-up/email',
            ...json({ email: user.email, password: user.password, name: 'New Person' }),
          })),
        );
      },
    },
  ];
  const pages = [
    { name: 'page-1', what: 'page 1', request: list('page_size=25') },
    {
      name: 'page-late',
      what: `page ${Math.ceil(late / 2)}`,
      request: list(`page_size=25&page=${Math.ceil(late / 2)}`),
    },
    { name: 'page-last', what: `the last page (${late})`, request: list(`page_size=25&page=${late}`) },
    { name: 'after-id', what: 'after_id in the middle', request: list(`page_size=25&after_id=${middleId}`) },
    {
      name: 'filter',
      what: 'filter clinical=true&confirmed=true',
      request: list('page_size=25&clinical=true&confirmed=true'),
    },
    { name: 'sort', what: 'sort_by=last_name', request: list('page_size=25&sort_by=last_name') },
    { name: 'search-1', what: 'search of one word', request: list('page_size=25&search=keller%2012') },
    { name: 'search-2', what: 'search of two words', request: list('page_size=25&search=anna%20keller') },
  ];

  const only = options.only?.split(',');
  const chosen = (name) => !only || only.some((part) => name.startsWith(part));
  const table = [];
  let worst = null;
  for (const operation of operations.filter(({ name }) => chosen(name))) {
    const result = await measure(servers, operation);
    table.push(row(operation, result));
    process.stdout.write(`${table.at(-1)}\n`);
    const ratio = result.ours.perSecond / result.limit.perSecond;
    if (ratio < operation.goal / 2)
      worst = `${operation.name}: ${ratio.toFixed(2)} is less than half of ${operation.goal}`;
  }
  const pageTable = [];
  for (const { what, request } of pages.filter(({ name }) => chosen(name))) {
    const result = await measure({ ours }, { connections: 1, requests: { ours: [request] } });
    pageTable.push(
      `| ${what} | ${result.ours.perSecond.toFixed(0)} | ${result.ours.p50.toFixed(1)} | ${result.ours.p99.toFixed(1)} |${failures(result.ours)}`,
    );
    process.stdout.write(`${pageTable.at(-1)}\n`);
  }
  let mixed = '';
  if (chosen('mixed')) {
    const alone = await measure({ ours }, { connections: 4, requests: { ours: tokenCheck.ours } });
    const background = load(ours.url, signIn.ours, { connections: 8, seconds: (seconds + 1) * rounds });
    const beside = await measure({ ours }, { connections: 4, requests: { ours: tokenCheck.ours } });
    await background;
    mixed = `\np99 of the token check (4 connections): ${alone.ours.p99.toFixed(1)} ms alone, ${beside.ours.p99.toFixed(1)} ms while 8 sign-ins run all the time: ${(beside.ours.p99 / alone.ours.p99).toFixed(1)} times.\n`;
  }
  const report = `# Results

Made by \`npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\` on ${new Date().toISOString().slice(0, 10)}: ${cpuCount()} processors, Node
${execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim()}, ${await databaseVersion()}, ${users.toLocaleString('en')} users, ${rounds} alternating rounds of ${seconds} s, ${generator}. Medians; in brackets the
lowest and the highest round. CPU is processor time per request of the server (and of the database). The limits count
(with high figures), the log is at warn.

| operation | limit | ours | ratio (goal) | better-auth | CPU limit | CPU ours | others' CPU |
|---|---|---|---|---|---|---|---|
${table.join('\n')}
${pageTable.length > 0 ? `\n| list as an administrator, one connection | per second | p50 ms | p99 ms |\n|---|---|---|---|\n${pageTable.join('\n')}\n` : ''}${mixed}
Start to ready: ${ours.startMs.toFixed(0)} ms (limit ${limit.startMs.toFixed(0)} ms). Memory of the API: ${memoryIdle.toFixed(0)} MiB idle, ${residentMiB(ours.pid).toFixed(0)} MiB after the load.
`;
  if (options.results) writeFileSync(options.results, report);
  process.stdout.write(`\n${report}`);
  if (options.check && worst) {
    process.stderr.write(`${worst}\n`);
    process.exitCode = 1;
  }
}

/** Alternating rounds of all servers, after a warm-up of each. */
async function measure(servers, { connections, requests, fresh }) {
  const results = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    const sent = fresh ? requests() : requests;
    for (const [name, server] of Object.entries(servers)) {
      if (!sent[name]) continue;
      const before = {
        machine: machineSeconds(),
        server: cpuSeconds(server.pid),
        database: cpuSeconds(database.pid),
      };
      const began = performance.now();
      const result = await load(server.url, sent[name], {
        connections,
        seconds: round === 0 ? Math.min(2, seconds) : seconds,
      });
      const passed = (performance.now() - began) / 1000;
      const used = {
        machine: machineSeconds() - before.machine,
        server: cpuSeconds(server.pid) - before.server,
        database: database.pid === null ? 0 : cpuSeconds(database.pid) - before.database,
      };
      if (round === 0) continue;
      results[name].push({
        ...result,
        serverUs: (used.server / result.requests) * 1e6,
        databaseUs: (used.database / result.requests) * 1e6,
        // The load generator's share is in here, too.
        others: (used.machine - used.server - used.database) / passed,
      });
    }
  }
  return Object.fromEntries(
    Object.entries(results)
      .filter(([, found]) => found.length > 0)
      .map(([name, found]) => {
        const of = (key) => found.map((result) => result[key]);
        const statuses = {};
        for (const result of found)
          for (const [status, count] of Object.entries(result.statuses))
            statuses[status] = (statuses[status] ?? 0) + count;
        return [
          name,
          {
            perSecond: median(of('perSecond')),
            low: Math.min(...of('perSecond')),
            high: Math.max(...of('perSecond')),
            p50: median(of('p50')),
            p99: median(of('p99')),
            serverUs: median(of('serverUs')),
            databaseUs: median(of('databaseUs')),
            others: median(of('others')),
            statuses,
          },
        ];
      }),
  );
}

function failures({ statuses }) {
  const list = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`);
  return list.length > 0 ? ` (${list.join(', ')})` : '';
}

const rate = (server) =>
  server
    ? `${server.perSecond.toFixed(server.perSecond < 100 ? 1 : 0)}/s [${server.low.toFixed(0)}-${server.high.toFixed(0)}]${failures(server)}`
    : '-';

const cpu = (server) => `${server.serverUs.toFixed(0)} (+${server.databaseUs.toFixed(0)}) us`;

function row({ what, goal }, result) {
  const { limit, ours } = result;
  return `| ${what} | ${rate(limit)} | ${rate(ours)}, p99 ${ours.p99.toFixed(1)} ms | **${(ours.perSecond / limit.perSecond).toFixed(2)}** (${goal}) | ${rate(result['better-auth'])} | ${cpu(limit)} | ${cpu(ours)} | ${ours.others.toFixed(2)} |`;
}

async function startOurs() {
  const databaseUrl = await createDatabase(database.url, 'bench_ours');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const high = '1000000000/1m';
  const limits = [
    'REQUESTS_PER_TOKEN',
    'REQUESTS_PER_IP',
    'SIGN_IN_FAILURES_PER_IP',
    'SIGN_UPS_PER_IP',
    'EMAIL_CHECKS_PER_IP',
    'CODES_PER_DESTINATION',
    'CODES_PER_ACCOUNT',
    'CODES_PER_PHONE',
    'CODES_PER_IP',
  ];
  const server = await startServer({
    command: options.node,
    args: [join(here, '../dist/main.js')],
    cwd: folder,
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      APP_SECRET: 'a secret of the benchmark, known to everybody',
      BCRYPT_COST: COST,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...Object.fromEntries(limits.map((name) => [`LIMIT_${name}`, high])),
    },
    url,
    ready: '/health/ready',
  });
  started.push(server);
  return { ...server, databaseUrl };
}

/** What is kept about all users must be right for those that came in by SQL. */
async function recount(ours) {
  const cli = join(here, '../dist/src/cli.js');
  if (!readFileSync(cli, 'utf8').includes('users:recount')) return;
  execFileSync(options.node, [cli, 'users:recount'], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: ours.databaseUrl,
      APP_SECRET: 'a secret of the benchmark, known to everybody',
    },
  });
}

async function startLimit(databaseUrl) {
  const port = await freePort();
  const server = await startServer({
    command: options.node,
    args: [join(here, 'servers/limit.mjs')],
    env: { PORT: String(port), DATABASE_URL: databaseUrl, BCRYPT_COST: COST },
    url: `http://127.0.0.1:${port}`,
    ready: '/health/ready',
  });
  started.push(server);
  return server;
}

async function startBetterAuth() {
  const databaseUrl = await createDatabase(database.url, 'bench_better_auth');
  const port = await freePort();
  const server = await startServer({
    command: options.node,
    args: [join(here, 'servers/better-auth.mjs')],
    env: { PORT: String(port), DATABASE_URL: databaseUrl, BCRYPT_COST: COST, NODE_ENV: 'production' },
    url: `http://127.0.0.1:${port}`,
    ready: '/health/ready',
  });
  started.push(server);
  return { ...server, databaseUrl };
}

/** Sessions of a hundred users; the last is an administrator. */
async function betterAuthCookies({ url, databaseUrl }) {
  const connection = await createConnection(databaseUrl);
  await connection.query("UPDATE user SET role = 'admin' WHERE email = ?", [emailOf(99)]);
  await connection.end();
  const cookies = [];
  for (let index = 0; index < 100; index++) {
    const answer = await fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      ...json({ email: emailOf(index), password: PASSWORD }),
    });
    if (!answer.ok) throw new Error(`better-auth: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    cookies.push({
      cookie: answer.headers
        .getSetCookie()
        .map((line) => line.split(';', 1)[0])
        .join('; '),
    });
  }
  return cookies;
}

async function digestOf(id) {
  const connection = await createConnection(`${database.url}/bench_ours`);
  const [[{ password_digest: digest }]] = await connection.query(
    'SELECT password_digest FROM users WHERE id = ?',
    [id],
  );
  await connection.end();
  return digest;
}

async function post(url, path, body) {
  const answer = await fetch(url + path, { method: 'POST', ...json(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function databaseVersion() {
  const connection = await createConnection(database.url);
  const [[{ version }]] = await connection.query('SELECT VERSION() AS version');
  await connection.end();
  return version;
}

function cpuCount() {
  return readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm).length;
}
