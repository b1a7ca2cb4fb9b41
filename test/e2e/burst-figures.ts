import { type BurstWay, runBurst } from './burst.js';

const WAYS: readonly BurstWay[] = ['standard input and output', 'a websocket', 'a unix socket'];
const COUNTS = [1_000, 20_000];
const MIB = 1024 * 1024;

/** Prints what bursts of requests cost: `npm run bursts`. */
console.log('| way | requests | answered once | refused | ms | peak MiB |\n|---|---|---|---|---|---|');
for (const way of WAYS) {
  for (const count of COUNTS) {
    const { answeredOnce, refused, durationMs, peakBytes } = await runBurst(way, count);
    const figures = [way, count, answeredOnce, refused, Math.round(durationMs), Math.round(peakBytes / MIB)];
    console.log(`| ${figures.join(' | ')} |`);
  }
}
