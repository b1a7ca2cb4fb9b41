import type { Asked, SimulatedPeer } from './simulated-peer.js';

/** A turn that was accepted. */
export interface SimulatedTurn {
  readonly turnId: string;
  readonly threadId: string;
  readonly starter: SimulatedPeer;
  readonly request: Asked;
  /** Whether the starter was subscribed to the thread when the turn began. */
  readonly isSubscribed: boolean;
}

/** Whether the starter is owed the end of its turn: it is there, and listens. */
export function isAwaited({ starter, threadId, request, isSubscribed }: SimulatedTurn): boolean {
  if (starter.hasLeft) return false;
  return request.run !== undefined || (isSubscribed && !starter.unsubscribed.has(threadId));
}

/** How often the starter has read the end of its turn, where it reports. */
export function endsOf({ starter, turnId, request }: SimulatedTurn): number {
  const entries = request.run?.entries ?? starter.entries;
  return entries.filter((entry) => {
    if (!('method' in entry) || entry.method !== 'turn/completed') return false;
    return (entry.params as { readonly turn: { readonly id: string } }).turn.id === turnId;
  }).length;
}
