import { length } from "../terminal/age.ts";

/** What to say of an answer that comes from the cache; nothing of a fresh one. */
export const staleNote = (ageMs: number): readonly string[] =>
  ageMs > 0 ? [`the broker did not answer; this is how it was ${length(ageMs)} ago`] : [];
