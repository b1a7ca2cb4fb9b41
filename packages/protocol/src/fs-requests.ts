import { z } from 'zod';
import { AbsolutePath } from './absolute-path.js';
import { orDefault, type Wire, type WireInput } from './wire.js';

const nothing = z.object({});

/** Params of `fs/readFile`. */
export const FsReadFileParams = z.object({ path: AbsolutePath });
export interface FsReadFileParams extends Wire<typeof FsReadFileParams> {}

/** Result of `fs/readFile`. */
export const FsReadFileResponse = z.object({ dataBase64: z.string() });
export interface FsReadFileResponse extends Wire<typeof FsReadFileResponse> {}

/** Params of `fs/writeFile`. */
export const FsWriteFileParams = z.object({ path: AbsolutePath, dataBase64: z.string() });
export interface FsWriteFileParams extends Wire<typeof FsWriteFileParams> {}

/** Result of `fs/writeFile`. */
export const FsWriteFileResponse = nothing;
export interface FsWriteFileResponse extends Wire<typeof FsWriteFileResponse> {}

const fsCreateDirectoryParams = z.object({ path: AbsolutePath, recursive: orDefault(z.boolean(), true) });
/** Params of `fs/createDirectory`. `recursive` makes parents too, and is the default. */
export interface FsCreateDirectoryParams extends Wire<typeof fsCreateDirectoryParams> {}
/** {@link FsCreateDirectoryParams} as callers give them. */
export interface GivenFsCreateDirectoryParams extends WireInput<typeof fsCreateDirectoryParams> {}
export const FsCreateDirectoryParams: z.ZodType<FsCreateDirectoryParams, GivenFsCreateDirectoryParams> =
  fsCreateDirectoryParams;

/** Result of `fs/createDirectory`. */
export const FsCreateDirectoryResponse = nothing;
export interface FsCreateDirectoryResponse extends Wire<typeof FsCreateDirectoryResponse> {}

/** Params of `fs/getMetadata`. */
export const FsGetMetadataParams = z.object({ path: AbsolutePath });
export interface FsGetMetadataParams extends Wire<typeof FsGetMetadataParams> {}

/** Result of `fs/getMetadata`. Links are followed, except for `isSymlink`. */
export const FsGetMetadataResponse = z.object({
  isDirectory: z.boolean(),
  isFile: z.boolean(),
  isSymlink: z.boolean(),
  /** Unix time in milliseconds; 0 where it is not known. */
  createdAtMs: z.int(),
  /** Unix time in milliseconds; 0 where it is not known. */
  modifiedAtMs: z.int(),
});
export interface FsGetMetadataResponse extends Wire<typeof FsGetMetadataResponse> {}

/** Params of `fs/readDirectory`. */
export const FsReadDirectoryParams = z.object({ path: AbsolutePath });
export interface FsReadDirectoryParams extends Wire<typeof FsReadDirectoryParams> {}

/** A direct child of a directory. Links are followed; one that leads nowhere is neither. */
export const FsReadDirectoryEntry = z.object({
  fileName: z.string(),
  isDirectory: z.boolean(),
  isFile: z.boolean(),
});
export interface FsReadDirectoryEntry extends Wire<typeof FsReadDirectoryEntry> {}

/** Result of `fs/readDirectory`, sorted by name. */
export const FsReadDirectoryResponse = z.object({ entries: z.array(FsReadDirectoryEntry) });
export interface FsReadDirectoryResponse extends Wire<typeof FsReadDirectoryResponse> {}

const fsRemoveParams = z.object({
  path: AbsolutePath,
  recursive: orDefault(z.boolean(), true),
  force: orDefault(z.boolean(), true),
});
/** Params of `fs/remove`. By default whole directories go, and a path where nothing is counts as removed. */
export interface FsRemoveParams extends Wire<typeof fsRemoveParams> {}
/** {@link FsRemoveParams} as callers give them. */
export interface GivenFsRemoveParams extends WireInput<typeof fsRemoveParams> {}
export const FsRemoveParams: z.ZodType<FsRemoveParams, GivenFsRemoveParams> = fsRemoveParams;

/** Result of `fs/remove`. */
export const FsRemoveResponse = nothing;
export interface FsRemoveResponse extends Wire<typeof FsRemoveResponse> {}

const fsCopyParams = z.object({
  sourcePath: AbsolutePath,
  destinationPath: AbsolutePath,
  recursive: orDefault(z.boolean(), false),
});
/** Params of `fs/copy`. Directories need `recursive`. */
export interface FsCopyParams extends Wire<typeof fsCopyParams> {}
/** {@link FsCopyParams} as callers give them. */
export interface GivenFsCopyParams extends WireInput<typeof fsCopyParams> {}
export const FsCopyParams: z.ZodType<FsCopyParams, GivenFsCopyParams> = fsCopyParams;

/** Result of `fs/copy`. */
export const FsCopyResponse = nothing;
export interface FsCopyResponse extends Wire<typeof FsCopyResponse> {}

/** Params of `fs/watch`. The client chooses the id; it is its own on this connection. */
export const FsWatchParams = z.object({ watchId: z.string(), path: AbsolutePath });
export interface FsWatchParams extends Wire<typeof FsWatchParams> {}

/** Result of `fs/watch`: the path with symbolic links resolved, as changes will name it. */
export const FsWatchResponse = z.object({ path: z.string() });
export interface FsWatchResponse extends Wire<typeof FsWatchResponse> {}

/** Params of `fs/unwatch`. */
export const FsUnwatchParams = z.object({ watchId: z.string() });
export interface FsUnwatchParams extends Wire<typeof FsUnwatchParams> {}

/** Result of `fs/unwatch`; an id that nobody watches by is fine. */
export const FsUnwatchResponse = nothing;
export interface FsUnwatchResponse extends Wire<typeof FsUnwatchResponse> {}

/** Params of `fs/changed`: what changed within a short time, each path once. */
export const FsChangedNotification = z.object({ watchId: z.string(), changedPaths: z.array(z.string()) });
export interface FsChangedNotification extends Wire<typeof FsChangedNotification> {}
