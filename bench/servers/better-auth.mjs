// better-auth on the same database server, as its documentation sets it up: e-mail and password, the admin plugin for
// the list, bcrypt at the same cost as ours in place of its scrypt, so that sign-ins compare the same work.
import { createServer } from 'node:http';
import bcrypt from '@node-rs/bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { admin } from 'better-auth/plugins';
import { createPool } from 'mysql2/promise';

const { PORT, DATABASE_URL, BCRYPT_COST = '10' } = process.env;

export const auth = betterAuth({
  database: createPool({ uri: DATABASE_URL, connectionLimit: 10, timezone: 'Z' }),
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: 'a secret of the benchmark, known to everybody',
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => bcrypt.hash(password, Number(BCRYPT_COST)),
      verify: ({ password, hash }) => bcrypt.compare(password, hash),
    },
  },
  rateLimit: { enabled: false },
  advanced: { disableCSRFCheck: true, disableOriginCheck: true },
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [admin()],
});

await (await getMigrations(auth.options)).runMigrations();
const handle = toNodeHandler(auth);

createServer((request, response) => {
  if (request.url === '/health/ready') {
    response.end('ok');
    return;
  }
  // The load generator can't make up an address for each sign-up: the server does, for all three alike.
  void handle(request, response);
}).listen(Number(PORT), '127.0.0.1');
