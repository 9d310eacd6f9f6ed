import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

/** What rows hold open: closed in reverse order when the bench ends, also when it fails or is interrupted. */
export type Resources = AsyncDisposableStack;

/** Throws once the bench is ending: what was opened from then on would stay. */
export function requireOpen(resources: Resources): void {
  if (resources.disposed) throw new Error("the bench is ending");
}

/** A new folder that goes when the bench ends. */
export function temporaryFolder(resources: Resources): string {
  requireOpen(resources);
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-bench-"));
  resources.defer(() =>
    rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 }),
  );
  return folder;
}

/** Ends the process on Ctrl-C and the like, after closing what is open. */
export function closeOnSignals(resources: Resources): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      // The row that was being measured fails when its broker goes, which must not end the process before the rest is closed.
      process.on("uncaughtException", () => {});
      const end = () => process.exit(128 + constants.signals[signal]);
      void resources.disposeAsync().then(end, end);
    });
  }
}
