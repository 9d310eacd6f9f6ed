import { type ErrorCode, MeshError } from "@claudemesh/protocol/light";

const systemCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  EACCES: ["not_writable", "permission denied"],
  EADDRINUSE: ["address_in_use", "another program listens on that address"],
  EADDRNOTAVAIL: ["malformed", "--host is not an address of this machine"],
  EDQUOT: ["disk_full", "the disk quota is used up"],
  ENOSPC: ["disk_full", "there is no space left on the disk"],
  ENOTDIR: ["not_writable", "a part of the path is not a folder"],
  ENOTFOUND: ["malformed", "--host is not a known host name"],
  EPERM: ["not_writable", "the system does not permit it"],
  EROFS: ["not_writable", "the file system is read-only"],
};

/** Anything thrown, as the one error shape. The unexpected becomes `internal`, with its cause kept for `--verbose`. */
export function asMeshError(error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  const { code, path } = error as { code?: unknown; path?: unknown };
  const known = typeof code === "string" ? systemCodes[code] : undefined;
  if (known) {
    const [meshCode, message] = known;
    return new MeshError(meshCode, typeof path === "string" ? `${message}: ${path}` : message, {
      cause: error,
    });
  }
  return new MeshError("internal", "something unexpected happened", { cause: error });
}
