import { prepare, root } from './lib/prepare.mjs';

prepare();
process.chdir(root);

// The shell that npm puts between itself and this process dies of a signal without passing it on.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

// In this very process, so that signals, terminal and exit code are the server's own.
await import('../dist/main.js');
