import { join } from "node:path";

/**
 * The home folder: CLAUDEMESH_HOME over all, then XDG_DATA_HOME where it is set, %APPDATA% on Windows, else `~/.claudemesh`.
 * XDG_DATA_HOME must be absolute to count (XDG Base Directory Specification).
 */
export function homeFolder(env, platform, userFolder) {
  if (env.CLAUDEMESH_HOME) return env.CLAUDEMESH_HOME;
  if (env.XDG_DATA_HOME?.startsWith("/")) return join(env.XDG_DATA_HOME, "claudemesh");
  if (platform === "win32" && env.APPDATA) return join(env.APPDATA, "claudemesh");
  return join(userFolder, ".claudemesh");
}
