const planted: (() => void)[] = [];

/** Puts a method of a class in the place of another one, until {@link uproot}. */
export function replace<T extends object, K extends keyof T>(
  target: T,
  name: K,
  make: (original: T[K]) => T[K],
): void {
  const original = target[name];
  target[name] = make(original);
  planted.push(() => {
    target[name] = original;
  });
}

/** Takes out whatever was planted since the last call. */
export function uproot(): void {
  for (const undo of planted.splice(0).reverse()) undo();
}
