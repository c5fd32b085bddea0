import { randomBytes, createHash } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

const CHUNK = 20_000;

/** Ten times ten times ... rows `n`, from 0 to 99,999, without a table of numbers. */
const NUMBERS = `(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS n FROM ${[
  'a',
  'b',
  'c',
  'd',
  'e',
]
  .map(
    (name) =>
      `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS n`).join(' UNION ALL ')}) ${name}`,
  )
  .join(', ')})`;

/** Names that are shared by many, as in life. */
const FIRST = [
  'anna',
  'ben',
  'carla',
  'david',
  'elena',
  'felix',
  'greta',
  'hugo',
  'ines',
  'jonas',
  'karin',
  'lukas',
  'maria',
  'nina',
  'oscar',
  'paula',
];
const LAST = [
  'ackermann',
  'brown',
  'castro',
  'dubois',
  'eriksen',
  'fischer',
  'garcia',
  'hoffmann',
  'ivanov',
  'jones',
  'keller',
  'lopez',
  'moreau',
  'nguyen',
  'oliveira',
  'schmidt',
];
const pick = (names, divisor) =>
  `ELT(1 + FLOOR(n / ${divisor}) % ${names.length}, ${names.map((name) => `'${name}'`).join(', ')})`;

export const emailOf = (number) => `user${number}@example.com`;

function progress(what, done, total) {
  const share = done / total;
  const bar = '#'.repeat(Math.round(share * 30)).padEnd(30, '.');
  const text = `${what} [${bar}] ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${text}${share === 1 ? '\n' : ''}`);
  else if (
    done === total ||
    Math.floor((share * 10) % 10) !== Math.floor((((done - CHUNK) / total) * 10) % 10)
  )
    process.stderr.write(`${text}\n`);
}

/**
 * Fills our database by copies of one account that came through the API, so that whatever columns the schema has are
 * filled as the code fills them; what differs from person to person is made up by the database itself.
 *
 * @param {string} url of the database
 * @param {number} templateId the account that is copied
 * @param {number} count how many
 */
export async function seedUsers(url, templateId, count) {
  const connection = await createConnection(url);
  const [columnRows] = await connection.query('SHOW COLUMNS FROM users');
  const own = {
    email: "CONCAT('user', n, '@example.com')",
    first_name: `CONCAT(UPPER(LEFT(${pick(FIRST, 1)}, 1)), SUBSTRING(${pick(FIRST, 1)}, 2))`,
    last_name: `CONCAT(UPPER(LEFT(${pick(LAST, 16)}, 1)), SUBSTRING(${pick(LAST, 16)}, 2), ' ', n)`,
    first_name_key: pick(FIRST, 1),
    last_name_key: `CONCAT(${pick(LAST, 16)}, ' ', n)`,
    phone: "CONCAT('+4915', LPAD(n, 9, '0'))",
    phone_e164: "CONCAT('+4915', LPAD(n, 9, '0'))",
    created_at: "TIMESTAMP('2024-01-01') + INTERVAL n * 7 SECOND",
    updated_at: "TIMESTAMP('2025-01-01') + INTERVAL (n * 7919) % 30000000 SECOND",
    confirmed: 'n % 10 < 8',
    clinical: 'n % 20 = 0',
  };
  const names = columnRows.map(({ Field }) => Field).filter((name) => name !== 'id');
  const select = names.map((name) => own[name] ?? `t.${name}`).join(', ');
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0');
  for (let done = 0; done < count;) {
    const size = Math.min(CHUNK, count - done);
    await connection.query(
      `INSERT INTO users (${names.join(', ')}) SELECT ${select} FROM (SELECT ${done} + n AS n FROM ${NUMBERS} numbers WHERE n < ${size}) made CROSS JOIN (SELECT * FROM users WHERE id = ?) t ORDER BY n`,
      [templateId],
    );
    done += size;
    progress('users', done, count);
  }
  await seedSearchTerms(connection, templateId, count);
  await connection.query('ANALYZE TABLE users');
  await connection.end();
}

/** The words that a search finds people by, where the schema has a table of them. */
async function seedSearchTerms(connection, templateId, count) {
  const [tables] = await connection.query("SHOW TABLES LIKE 'user_search_terms'");
  if (tables.length === 0) return;
  const [[{ first }]] = await connection.query('SELECT MIN(id) AS first FROM users WHERE id > ?', [
    templateId,
  ]);
  const terms = [
    'first_name_key',
    "SUBSTRING_INDEX(last_name_key, ' ', 1)",
    "SUBSTRING_INDEX(last_name_key, ' ', -1)",
    'email',
    "SUBSTRING_INDEX(email, '@', 1)",
    // As `search-terms.ts` has them: an international number, and its digits from the end.
    "CONCAT('\uff0b', SUBSTRING(phone_e164, 2))",
    "CONCAT('\u2026', REVERSE(SUBSTRING(phone_e164, 2)))",
  ];
  for (let done = 0; done < count;) {
    const size = Math.min(CHUNK, count - done);
    for (const term of terms) {
      await connection.query(
        `INSERT IGNORE INTO user_search_terms (user_id, term) SELECT id, ${term} FROM users WHERE id >= ? AND id < ?`,
        [first + done, first + done + size],
      );
    }
    done += size;
    progress('search terms', done, count);
  }
}

/** Sessions of many users, as different people's tokens are asked for in life. Returns their tokens. */
export async function seedSessions(url, count) {
  const connection = await createConnection(url);
  const [users] = await connection.query('SELECT id FROM users ORDER BY id LIMIT ?, ?', [10, count]);
  const [[template]] = await connection.query('SELECT * FROM sessions ORDER BY id LIMIT 1');
  const tokens = [];
  const rows = users.map(({ id }) => {
    const token = `gu_${randomBytes(32).toString('base64url')}`;
    tokens.push(token);
    return {
      ...template,
      id: undefined,
      user_id: id,
      token_digest: createHash('sha256').update(token).digest('hex'),
      created_at: new Date(),
      last_seen_at: new Date(),
    };
  });
  const names = Object.keys(template).filter((name) => name !== 'id');
  await connection.query(`INSERT INTO sessions (${names.join(', ')}) VALUES ?`, [
    rows.map((row) => names.map((name) => row[name])),
  ]);
  await connection.end();
  return tokens;
}

/** The same people for better-auth, with the same digest of the same password. */
export async function seedBetterAuth(url, digest, count) {
  const connection = await createConnection(url);
  for (let done = 0; done < count;) {
    const size = Math.min(CHUNK, count - done);
    const numbers = `(SELECT ${done} + n AS n FROM ${NUMBERS} numbers WHERE n < ${size}) made`;
    await connection.query(
      `INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt, role) SELECT CONCAT('u', n), CONCAT('User ', n), CONCAT('user', n, '@example.com'), 1, NOW(3), NOW(3), 'user' FROM ${numbers}`,
    );
    await connection.query(
      `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt) SELECT CONCAT('a', n), CONCAT('u', n), 'credential', CONCAT('u', n), ?, NOW(3), NOW(3) FROM ${numbers}`,
      [digest],
    );
    done += size;
    progress('users of better-auth', done, count);
  }
  await connection.end();
}
