// The server for whoever changes it: compiles on each change, and restarts with what was compiled.
import { spawn } from 'node:child_process';
import { ensureInstalled, ensureNode, root } from './lib/prepare.mjs';

ensureNode();
ensureInstalled();
process.chdir(root);

const windows = process.platform === 'win32';
// The compiler starts the server through a shell, and ends itself without ending it: all of them are one group.
const compiler = spawn(
  process.execPath,
  ['node_modules/@nestjs/cli/bin/nest.js', 'start', '--watch', '--preserveWatchOutput'],
  { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows },
);
compiler.on('exit', (code) => (process.exitCode ??= code ?? 1));

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  process.exitCode = 0;
  // The server finishes the requests that it has; then nothing of the group is left.
  for (let signal = 'SIGTERM'; sendToGroup(signal); signal = 0) await sleep(100);
  process.exit();
}

/** Returns whether there is still something that could receive it. */
function sendToGroup(signal) {
  try {
    return process.kill(windows ? Number(compiler.pid) : -Number(compiler.pid), signal);
  } catch {
    return false;
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());

// The shell that npm puts between itself and this process dies of a signal without passing it on.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid;
  setInterval(() => process.ppid === shell || void stop(), 250).unref();
}
