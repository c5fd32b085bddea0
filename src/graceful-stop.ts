import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SECOND } from './shared/lib/duration.js';
import { ReadinessChecks } from './shared/observability/readiness-checks.js';

/** The end of a stop, from the end of its delay on: orchestrators kill after 10 s or later. */
const DEADLINE_MS = 9 * SECOND;
/** For a connection on which the headers of a request are just arriving. */
const HEADERS_GRACE_MS = SECOND;

/**
 * Stops the server when it is told to by a signal, within ten seconds (and the delay) whatever clients, providers or the
 * database do: not ready at once; for `shutdownDelay` requests are still taken, as load balancers need a moment; then no
 * new connections, what is under way is finished, and the process ends with exit code 0. Every answer from the signal on
 * closes its connection. A second signal ends the process at once.
 *
 * @param shutdownDelay in milliseconds
 */
export function stopOnSignal(app: NestFastifyApplication, shutdownDelay: number): void {
  const logger = new Logger('Server');
  const connections = new Connections(app.getHttpServer());
  let isStopping = false;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, _payload, done) => {
      if (isStopping) void reply.header('connection', 'close');
      done();
    });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
    logger.log(`Stopping (${signal})`);
    app.get(ReadinessChecks).stop();
    await delay(shutdownDelay);
    const closed = app.close().then(
      () => true,
      (error: unknown) => {
        logger.error({ err: error }, 'The stop failed');
        return true;
      },
    );
    connections.endIdle();
    const inTime = await Promise.race([closed, delay(DEADLINE_MS, false)]);
    if (!inTime)
      logger.warn(`Not finished in time and cut: ${connections.size} connections, background work`);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, (name) => void stop(name));
}

/** The open connections of a server, and on which of them a request is being answered. */
class Connections {
  private readonly open = new Set<Socket>();
  private readonly busy = new Map<Socket, number>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.busy.set(socket, (this.busy.get(socket) ?? 0) + 1);
      response.once('close', () => {
        const left = (this.busy.get(socket) ?? 1) - 1;
        if (left > 0) this.busy.set(socket, left);
        else this.busy.delete(socket);
      });
    });
  }

  get size(): number {
    return this.open.size;
  }

  /** Closes what is silent, or has sent half a request, after a moment for what is just arriving. */
  endIdle(): void {
    setTimeout(() => {
      for (const socket of this.open) if (!this.busy.has(socket)) socket.destroy();
    }, HEADERS_GRACE_MS).unref();
  }
}
