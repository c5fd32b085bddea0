import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { spawnServer } from '../support/server.js';
import { waitFor } from '../support/wait-for.js';

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

function open(url: string, sent = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(sent, () => resolve(socket));
    });
    socket.on('error', reject);
    sockets.push(socket);
  });
}

it('silent connections, half requests and stalled bodies do not hold up the stop', async () => {
  const server = await spawnServer();
  await open(server.url);
  await open(server.url, 'GET /v1/users/me HTTP/1.1\r\nHost: a\r\n');
  await open(
    server.url,
    'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
  );
  expect(await server.stop()).toBe(0);
});

it('readiness says no at once, and answers during the delay close their connection', async () => {
  const server = await spawnServer({ SHUTDOWN_DELAY: '3' });
  const ended = server.stop();
  await waitFor(async () => (await fetch(`${server.url}/health/ready`)).status === 503);
  const answer = await fetch(`${server.url}/v1/users/me`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('connection')).toBe('close');
  expect(await ended).toBe(0);
});

it('a second signal ends the process at once', async () => {
  const server = await spawnServer({ SHUTDOWN_DELAY: '300' });
  const ended = server.stop();
  await waitFor(async () => (await fetch(`${server.url}/health/ready`)).status === 503);
  process.kill(server.pid, 'SIGTERM');
  expect(await ended).not.toBe(0);
});
