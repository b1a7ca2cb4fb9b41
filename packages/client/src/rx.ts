import { Observable } from 'rxjs';
import type { ClientEvent } from './client-event.js';

/**
 * The same events as an Observable, each subscription one reading of the source.
 *
 * An observer cannot say that it is busy, so events go to it one for each turn of the microtask queue and backpressure stays where it
 * was: in the bounded view behind the source. Unsubscribing leaves the loop.
 */
export function fromEvents(source: () => AsyncIterable<ClientEvent>): Observable<ClientEvent> {
  return new Observable((subscriber) => {
    const iterator = source()[Symbol.asyncIterator]();
    const read = async (): Promise<void> => {
      try {
        for (
          let next = await iterator.next();
          next.done !== true && !subscriber.closed;
          next = await iterator.next()
        ) {
          subscriber.next(next.value);
        }
        subscriber.complete();
      } catch (error) {
        subscriber.error(error);
      }
    };
    void read();
    return () => void iterator.return?.();
  });
}
