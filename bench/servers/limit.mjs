// What the machine allows: bare node:http and mysql2's prepared statements doing the same SQL, with nothing around them.
// No validation, no limits, no audit, no log: not a way to build anything, a yardstick.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import bcrypt from '@node-rs/bcrypt';
import { createPool } from 'mysql2/promise';

const { PORT, DATABASE_URL, BCRYPT_COST = '10' } = process.env;
const pool = createPool({ uri: DATABASE_URL, connectionLimit: 10, timezone: 'Z', dateStrings: ['DATE'] });
const DAY = 86_400_000;

const USER_COLUMNS =
  'id, email, first_name, last_name, phone, date_of_birth, language, role, active, clinical, confirmed, created_at, updated_at';
const ME = `SELECT s.created_at AS session_created_at, s.last_seen_at, ${USER_COLUMNS.split(', ')
  .map((column) => `u.${column}`)
  .join(', ')} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_digest = ?`;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function shown(row) {
  return {
    id: row.id,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    phone: row.phone,
    date_of_birth: row.date_of_birth,
    language: row.language,
    role: row.role,
    active: row.active === 1,
    clinical: row.clinical === 1,
    confirmed: row.confirmed === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

async function authenticate({ headers }) {
  const [[row]] = await pool.execute(ME, [sha256(headers['x-user-token'] ?? '')]);
  const now = Date.now();
  if (
    !row ||
    row.active !== 1 ||
    now - row.session_created_at > 30 * DAY ||
    now - row.last_seen_at > 14 * DAY
  )
    return null;
  return row;
}

async function startSession(userId) {
  const token = `gu_${randomBytes(32).toString('base64url')}`;
  const now = new Date();
  await pool.execute(
    'INSERT INTO sessions (user_id, token_digest, created_at, last_seen_at, ip, user_agent) VALUES (?, ?, ?, ?, ?, ?)',
    [userId, sha256(token), now, now, '127.0.0.1', 'bench'],
  );
  return token;
}

const NOT_AUTHORIZED = [401, { errors: 'You are not authorized to perform this action.' }];

const routes = {
  'GET /health/ready': async () => [200, { status: 'ok' }],
  'GET /v1/users/me': async (request) => {
    const row = await authenticate(request);
    return row ? [200, shown(row)] : NOT_AUTHORIZED;
  },
  'POST /v1/users/email_has_account': async (_request, { email }) => {
    const [rows] = await pool.execute('SELECT 1 FROM users WHERE email = ? LIMIT 1', [email]);
    return [200, { has_account: rows.length > 0 }];
  },
  'GET /v1/users': async (request, _body, query) => {
    if (!(await authenticate(request))) return NOT_AUTHORIZED;
    const page = Number(query.get('page') ?? 1);
    const pageSize = Number(query.get('page_size') ?? 50);
    const [[{ count }]] = await pool.execute('SELECT COUNT(*) AS count FROM users');
    const [rows] = await pool.execute(
      `SELECT ${USER_COLUMNS} FROM users ORDER BY id LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`,
    );
    return [
      200,
      {
        users: rows.map(shown),
        meta: { page, page_size: pageSize, total_count: count, total_pages: Math.ceil(count / pageSize) },
      },
    ];
  },
  'POST /v1/sessions': async (_request, { email, password }) => {
    const [[row]] = await pool.execute(`SELECT ${USER_COLUMNS}, password_digest FROM users WHERE email = ?`, [
      email,
    ]);
    if (!row || !(await bcrypt.compare(password, row.password_digest)))
      return [401, { errors: 'Invalid email or password' }];
    return [201, { token: await startSession(row.id), user: shown(row) }];
  },
  'POST /v1/users': async (_request, { user }) => {
    const email = user.email.replace('@', `.${randomBytes(8).toString('hex')}@`);
    const digest = await bcrypt.hash(user.password, Number(BCRYPT_COST));
    const row = { ...user, email, password_digest: digest };
    const names = await signUpColumns();
    const now = new Date();
    const values = names.map((name) =>
      name.endsWith('_at')
        ? /^(created|updated)/.test(name)
          ? now
          : null
        : (row[name] ?? DEFAULTS[name] ?? null),
    );
    const [{ insertId }] = await pool.execute(
      `INSERT INTO users (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      values,
    );
    await startSession(insertId);
    return [201, { id: insertId, email }];
  },
};

const DEFAULTS = {
  language: 'en',
  role: 'parent',
  active: 1,
  clinical: 0,
  clinical_approved: 0,
  confirmed: 0,
  template: 0,
  native_signup: 0,
  first_name_key: 'bench',
  last_name_key: 'bench',
};
let columns;
async function signUpColumns() {
  if (!columns) {
    const [rows] = await pool.query('SHOW COLUMNS FROM users');
    columns = rows.map(({ Field }) => Field).filter((name) => name !== 'id');
  }
  return columns;
}

createServer((request, response) => {
  const [path, query = ''] = request.url.split('?', 2);
  const route = routes[`${request.method} ${path}`];
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  const answerRequest = async () => {
    let status = 404;
    let answer = { errors: 'Not found' };
    try {
      if (route)
        [status, answer] = await route(
          request,
          chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : {},
          new URLSearchParams(query),
        );
    } catch (error) {
      [status, answer] = [500, { errors: error.message }];
    }
    const text = JSON.stringify(answer);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  };
  request.on('end', () => void answerRequest());
}).listen(Number(PORT), '127.0.0.1');
