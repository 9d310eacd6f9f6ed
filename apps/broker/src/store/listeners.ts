import type { AppendListener } from "./port.ts";

/** Tells every listener of what a commit appended. One that throws is the operator's to know; it keeps nothing from the others. */
export function tell(
  listeners: ReadonlySet<AppendListener>,
  log: (event: string, cause: unknown) => void,
  args: Parameters<AppendListener>,
): void {
  for (const listener of listeners) {
    try {
      listener(...args);
    } catch (error) {
      log("append listener failed", error);
    }
  }
}
