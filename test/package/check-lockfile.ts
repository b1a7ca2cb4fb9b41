import { readFileSync } from 'node:fs';
import { type Lockfile, missingOptionalPackages } from './lockfile.js';

const lockfile: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const missing = missingOptionalPackages(lockfile);
if (missing.length === 0) {
  console.log(`lockfile: ${Object.keys(lockfile.packages).length} entries, complete for every platform`);
} else {
  console.error(`lockfile: no entry for ${missing.join(', ')}`);
  process.exitCode = 1;
}
