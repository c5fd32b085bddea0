import { connect } from 'node:net';
import { inject } from 'vitest';
import { freePort, start, temporaryFolder } from './processes.js';
import { waitFor } from './wait-for.js';

const binary = inject('redis');

/** For `describe.skipIf(!redisAvailable)`. */
export const redisAvailable = binary !== null;

export interface RedisServer {
  /** To be handed to the application as REDIS_URL. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** A private server that keeps nothing. A port is given to bring one back that was stopped. */
export async function startRedis({ port }: { port?: number } = {}): Promise<RedisServer> {
  if (binary === null) throw new Error('There is no redis-server on this machine');
  const attempts = port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const folder = temporaryFolder('redis');
    const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder.path];
    const server = start(binary, ['--port', String(chosen), ...settings]);
    let ended = false;
    void server.exited.then(() => (ended = true));
    const stop = async () => {
      await server.kill9();
      folder.remove();
    };

    const ready = await waitFor(() => ended || pings(chosen), { timeout: 10_000 }).catch(() => false);
    if (ready && !ended) return { url: `redis://127.0.0.1:${chosen}`, port: chosen, stop };
    await stop();
    if (attempt === attempts) throw new Error(`redis-server did not start:\n${server.output()}`);
  }
}

function pings(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
