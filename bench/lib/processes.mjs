import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Of the kernel's clock, in which /proc counts processor time. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process, all its threads included, has used so far; null where it is not known. */
export function cpuSeconds(pid) {
  if (pid === null) return null;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory in use, in MiB. */
export function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** Processor seconds that the whole machine has spent so far, idle time left out. */
export function machineSeconds() {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/\s+/);
  return (
    (Number(user) + Number(nice) + Number(system) + Number(irq) + Number(softirq) + Number(steal ?? 0)) /
    TICKS_PER_SECOND
  );
}

/**
 * Starts a server and waits until it answers.
 *
 * @param {{ command: string, args: string[], env: Record<string, string>, cwd?: string, url: string, ready: string }} server
 * @returns {Promise<{ pid: number, url: string, startMs: number, stop: () => Promise<void> }>}
 */
export async function startServer({ command, args, env, cwd, url, ready }) {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.at(-1)} did not start:\n${errors}`);
    const answer = await fetch(url + ready).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) break;
    if (performance.now() - started > 60_000) {
      child.kill('SIGKILL');
      throw new Error(`${args.at(-1)} was not ready within a minute:\n${errors}`);
    }
    await delay(5);
  }
  return {
    pid: child.pid,
    url,
    startMs: performance.now() - started,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
