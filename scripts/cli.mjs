import { prepare, root } from './lib/prepare.mjs';

prepare();
process.chdir(root);
// In this very process, so that arguments, terminal and exit code are the command's own.
await import('../dist/src/cli.js');
