import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const leftovers = new Set<() => void>();

export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it wrote so far to standard output and standard error, in the order in which it arrived. */
  readonly output: () => string;
  /** The exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it at once; resolves when it is gone. */
  readonly kill9: () => Promise<void>;
}

/** Starts a program that does not outlive this process, however this process ends. */
export function start(command: string, args: string[], options: SpawnOptions = {}): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  const kill = () => void child.kill('SIGKILL');
  leftovers.add(kill);

  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      leftovers.delete(kill);
      resolve(null);
    });
    child.once('close', (code) => {
      leftovers.delete(kill);
      resolve(code);
    });
  });
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));

  return {
    child,
    exited,
    output: () => Buffer.concat(chunks).toString(),
    async kill9() {
      kill();
      await exited;
    },
  };
}

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

export function temporaryFolder(name: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, `users-api-${name}-`));
  const remove = () => {
    rmSync(path, { recursive: true, force: true, maxRetries: 20 });
    leftovers.delete(remove);
  };
  leftovers.add(remove);
  return { path, remove };
}

/** A port that was free a moment ago: whoever starts a server on it must be ready to try another. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function cleanUp(): void {
  for (const leave of leftovers) leave();
}

process.once('exit', cleanUp);

// Vitest ends its workers by a signal, and they are orphaned when it dies itself; neither runs `exit` handlers.
if (process.env['VITEST_POOL_ID']) {
  const cleanUpAndDie = () => {
    cleanUp();
    process.kill(process.pid, 'SIGKILL');
  };
  process.once('SIGTERM', cleanUpAndDie);
  process.once('disconnect', cleanUpAndDie);
}
