import type { LocalContext } from "../run.ts";

/** What a look at one part found. */
export interface Finding {
  readonly state: "ok" | "warn" | "fail";
  /** one sentence of what is so */
  readonly what: string;
  /** the exact next step of a person, where there is one */
  readonly next?: string;
  /** mends it; offered where that is safe to do unasked */
  readonly mend?: () => Promise<void>;
}

/** One part of an installation that is looked at by itself. */
export interface Check {
  readonly name: string;
  look(context: LocalContext): Promise<Finding>;
}

export const ok = (what: string): Finding => ({ state: "ok", what });
