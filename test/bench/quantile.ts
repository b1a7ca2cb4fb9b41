/** The value below which that share (0 to 1) of the samples lies. Sorts the samples in place; NaN when there are none. */
export function quantile(samples: Float64Array | number[], share: number): number {
  samples.sort((a, b) => a - b);
  return samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile([...samples], 0.5);
}
