import { z } from 'zod';
import type { Wire } from './wire.js';

/** Which program attaches. */
export const ClientInfo = z.object({
  /** Becomes part of an HTTP header, so only visible ASCII characters and spaces may stand in it. */
  name: z.string(),
  title: z.string().nullish(),
  version: z.string(),
});
export interface ClientInfo extends Wire<typeof ClientInfo> {}

/** What a client wants and can do. Everything is off unless asked for. */
export const ClientCapabilities = z.object({
  /** Opens the methods and fields that the protocol calls experimental. */
  experimentalApi: z.boolean().nullish(),
  /** Exact names of notifications that this connection does not want. Unknown names are ignored. */
  optOutNotificationMethods: z.array(z.string()).nullish(),
  requestAttestation: z.boolean().nullish(),
  requiredHumanApproval: z.boolean().nullish(),
  /** Ours: gaps are told as `millrace/lagged` and healed by `millrace/resynced`. */
  lagMarkers: z.boolean().nullish(),
  /** Ours: events are told in the words of the first generation of the protocol too. False refuses what the server would do by itself. */
  legacyEvents: z.boolean().nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});
export interface ClientCapabilities extends Wire<typeof ClientCapabilities> {}

/** Params of `initialize`, the first request of each connection. */
export const InitializeParams = z.object({
  clientInfo: ClientInfo,
  capabilities: ClientCapabilities.nullish(),
});
export interface InitializeParams extends Wire<typeof InitializeParams> {}

/**
 * The release of the reference server whose protocol this is. Clients look for it in `userAgent`: some refuse a server that seems older
 * than they need, and others warn of it.
 */
export const PROTOCOL_RELEASE = '0.169.0';

/** Result of `initialize`. */
export const InitializeResponse = z.object({
  /** `<client>/<protocol release> (<system>) <terminal> (<client>; <its version>) millrace/<version>`. */
  userAgent: z.string(),
  /** The server's home directory, absolute. */
  codexHome: z.string(),
  platformFamily: z.string(),
  platformOs: z.string(),
});
export interface InitializeResponse extends Wire<typeof InitializeResponse> {}

/** Whether a client may be called so: the name goes into an HTTP header, which takes visible ASCII, spaces and tabs. */
export function isClientName(name: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(name);
}
