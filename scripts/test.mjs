import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './lib/prepare.mjs';

prepare();
process.chdir(root);

// Whatever a test or a program that it starts leaves behind lies in here, and goes with it.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'users-api-test-'));
process.on('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true, maxRetries: 20 }));
process.on('SIGHUP', () => process.exit(129));

const { parseCLI, startVitest } = await import('vitest/node');
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);

let outcome = { passed: 0, failed: 0, skipped: 0 };
let leftOut = [];
try {
  const vitest = await startVitest('test', filter, { ...options, root });
  outcome = count(vitest);
  leftOut = vitest.config.provide.leftOut;
} catch (error) {
  console.error(error);
  outcome.failed = 1;
}

for (const what of leftOut) console.log(`left out: ${what}`);
if (leftOut.length > 0 && process.env.REQUIRE_ALL === '1') {
  console.log('REQUIRE_ALL=1: each of these counts as a failure.');
  outcome.failed += leftOut.length;
}
if (outcome.failed === 0 && outcome.passed === 0) console.log('No test ran.');
console.log(`${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
process.exit(outcome.failed > 0 || outcome.passed === 0 ? 1 : Number(process.exitCode ?? 0));

// What fails outside a test (a hook, a file that does not load, a stray rejection) is a failure like any other.
function count(vitest) {
  const counts = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0 };
  for (const file of vitest.state.getTestModules()) {
    counts.failed += [file, ...file.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
    for (const test of file.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return counts;
}
