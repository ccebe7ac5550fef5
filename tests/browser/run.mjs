// Runs the files of tests, or those that are named, one after the other on one demonstration. IMMOSTATS names the built
// program; DEMO_ADDRESS and DEMO_ROOT one that is served already and its folder, in the place of a new one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';

import { serve } from './demo.mjs';

process.chdir(import.meta.dirname);
const named = process.argv.slice(2);
const files = named.length > 0 ? named : (await readdir('.')).filter((name) => name.endsWith('.test.mjs')).sort();
const demo = await serve();
try {
  const tests = spawn(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
    { stdio: 'inherit', env: { ...process.env, DEMO_ADDRESS: demo.address, DEMO_ROOT: demo.root } },
  );
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await demo.stop();
}
