import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** The given URL with the proxy's address in place of the server's own. */
  through(url: string): string;
  /** Breaks all connections and refuses new ones, as a server does that is gone. */
  cut(): void;
  /** Keeps all connections open, and new ones too, but passes nothing on, as a dead network does. */
  freeze(): void;
  restore(): void;
  stop(): Promise<void>;
}

/** Stands between the application and a server (database, Redis, SMTP), to take it away and bring it back. */
export async function proxyTo(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'frozen' = 'open';

  const proxy = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      if (state === 'frozen') socket.pause();
      else socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const own = (proxy.address() as AddressInfo).port;

  const breakAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: own,
    through: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(own) }).href,
    cut() {
      state = 'cut';
      breakAll();
    },
    freeze() {
      state = 'frozen';
      sockets.forEach((socket) => socket.unpipe().pause());
    },
    restore() {
      // What was frozen has lost its place in the conversation.
      if (state === 'frozen') breakAll();
      state = 'open';
    },
    async stop() {
      breakAll();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
