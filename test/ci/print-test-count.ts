/** Prints how many tests passed and failed, as vitest counted them: `print-test-count.ts REPORT.json`. */
import { readFileSync } from 'node:fs';

const [report] = process.argv.slice(2);
if (report === undefined) throw new Error('usage: print-test-count.ts REPORT.json');

const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
if (numPendingTests > 0) console.log(`${numPendingTests} skipped`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
