/** Holds the number of failing conformance scenarios down: `check-conformance.ts RESULTS.json RATCHET.txt`. */
import { readFileSync } from 'node:fs';
import { judgeFailures } from './failure-ratchet.js';

const [results, ratchet] = process.argv.slice(2);
if (results === undefined || ratchet === undefined)
  throw new Error('usage: check-conformance.ts RESULTS.json RATCHET.txt');

const scenarios: readonly { readonly verdict: string }[] = JSON.parse(readFileSync(results, 'utf8'));
if (scenarios.length === 0) throw new Error(`${results} holds no scenario`);
const failures = scenarios.filter(({ verdict }) => verdict === 'fail').length;
const { isHeld, text } = judgeFailures(failures, Number(readFileSync(ratchet, 'utf8')));
console.log(`conformance: ${text}, of ${scenarios.length}`);
if (!isHeld) process.exitCode = 1;
