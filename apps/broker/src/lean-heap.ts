import { setFlagsFromString } from "node:v8";

/** What a turn leaves behind is dropped sooner than in V8's own 16 MB, of which it holds two. Set only at a process's start. */
const youngFlag = "--max-semi-space-size";
const young = `${youngFlag}=8`;
/** By how much the old heap may grow until it is swept; V8's own figure is several times this for a small one. */
const growth = "--heap-growing-percent=50";

/**
 * Bounds what a busy broker holds. Where the start has not said how large the young heap may be, the process begins anew with that flag: same pid,
 * arguments and streams. To be called before anything else is loaded.
 */
export function leanHeap(): void {
  const { argv, env, execArgv, execPath, execve, platform } = process;
  const isSet = [...execArgv, env.NODE_OPTIONS ?? ""].some((text) => text.includes(youngFlag));
  if (!isSet && execve !== undefined && platform !== "win32") {
    execve.call(process, execPath, [execPath, young, ...execArgv, ...argv.slice(1)], env);
  }
  sweepSooner();
}

/**
 * The half of it that can be set while a process runs. `up` does without the other: it shares its process with a person's verb, which would have to begin anew, and with one person's
 * meshes a young heap of V8's own size stays small.
 */
export const sweepSooner = (): void => setFlagsFromString(growth);
