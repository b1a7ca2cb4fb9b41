/** The share of a queue that one kind of event may take, by count and by bytes. */
export class Lane {
  readonly capacity: number;
  readonly maxBytes: number;
  count = 0;
  bytes = 0;

  constructor(capacity: number, maxBytes: number) {
    this.capacity = capacity;
    this.maxBytes = maxBytes;
  }

  /** Whether an event of this size has room. One that is larger than the lane has, when the lane is empty. */
  admits(size: number): boolean {
    return this.count === 0 || (this.count < this.capacity && this.bytes + size <= this.maxBytes);
  }

  /** True at either bound. */
  get isFull(): boolean {
    return this.count >= this.capacity || this.bytes >= this.maxBytes;
  }

  /** True below half of both bounds. */
  get isBelowHalf(): boolean {
    return this.count * 2 < this.capacity && this.bytes * 2 < this.maxBytes;
  }

  add(size: number): void {
    this.count += 1;
    this.bytes += size;
  }

  remove(size: number): void {
    this.count -= 1;
    this.bytes -= size;
  }

  clear(): void {
    this.count = 0;
    this.bytes = 0;
  }
}
