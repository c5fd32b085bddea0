import { resolve } from 'node:path';
import { start, temporaryFolder } from './processes.js';
import { waitFor } from './wait-for.js';

const entry = resolve(import.meta.dirname, '../../dist/main.js');

export interface ServerOptions {
  /** Where it runs: its .env is read from there and data/ made there. By default an own, empty folder. */
  cwd?: string;
  /** For starting, in milliseconds. */
  timeout?: number;
}

export interface SpawnedServer {
  /** `http://127.0.0.1:<port>` */
  url: string;
  pid: number;
  logs(): string;
  /** Asks it to end; resolves to the exit code, or null if the signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  kill9(): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** Says why a server did not start: what it wrote, and the code that it ended with. */
export class ServerDidNotStart extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly logs: string,
  ) {
    super(`The server did not start (exit code ${exitCode}):\n${logs}`);
  }
}

/** Runs the compiled application as an operator does. A variable set to undefined is not passed. */
export async function spawnServer(
  env: Record<string, string | undefined> = {},
  { cwd, timeout = 60_000 }: ServerOptions = {},
): Promise<SpawnedServer> {
  const folder = cwd === undefined ? temporaryFolder('server') : undefined;
  const server = start(process.execPath, [entry], {
    cwd: cwd ?? folder!.path,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      BCRYPT_COST: '4',
      LOG_LEVEL: 'info',
      ...env,
    },
  });
  let ended = false;
  const exited = server.exited.then((code) => {
    ended = true;
    folder?.remove();
    return code;
  });

  const url = await waitFor(() => addressIn(server.output()) ?? ended, { timeout }).catch(() => true);
  if (typeof url !== 'string') {
    await server.kill9();
    throw new ServerDidNotStart(await exited, server.output());
  }
  return {
    url,
    pid: server.child.pid!,
    logs: server.output,
    stop(signal = 'SIGTERM') {
      server.child.kill(signal);
      return exited;
    },
    async kill9() {
      await server.kill9();
      await exited;
    },
    exited,
  };
}

// A port of 0 stands in lines that repeat the settings, not the address.
function addressIn(output: string): string | undefined {
  return /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output)?.[0];
}
