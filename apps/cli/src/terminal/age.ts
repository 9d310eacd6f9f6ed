const steps = [
  [60_000, 1_000, "s"],
  [3_600_000, 60_000, "min"],
  [86_400_000, 3_600_000, "h"],
] as const;
const dayMs = 86_400_000;

/** `40 s`, `5 min`, `3 h`, `2 d`: a length of time in one unit, rounded down unless `round` says otherwise. */
export function length(ms: number, round: (value: number) => number = Math.floor): string {
  for (const [under, unit, name] of steps) {
    if (ms < under) return `${round(ms / unit)} ${name}`;
  }
  return `${round(ms / dayMs)} d`;
}

/** A moment as seen from `now` (both in ms since the Unix epoch): `just now`, `5 min ago`, `in 7 d`. */
export function age(at: number, now: number): string {
  const past = now - at;
  if (Math.abs(past) < 2_000) return "just now";
  return past > 0 ? `${length(past)} ago` : `in ${length(-past, Math.round)}`;
}
