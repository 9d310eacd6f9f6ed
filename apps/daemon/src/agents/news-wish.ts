import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type NewsKind, newsKinds } from "@claudemesh/device";

/** What a session is told of by itself, and what of that may begin a turn where it is idle. */
export interface NewsWish {
  readonly kinds: ReadonlySet<NewsKind>;
  readonly wakes: ReadonlySet<NewsKind>;
}

/** Where nobody says anything: who comes and goes is left out, and nothing wakes an agent. */
const usual: NewsWish = {
  kinds: new Set(newsKinds.filter((kind) => kind !== "peer")),
  wakes: new Set(),
};

/** Kinds, apart by commas or white space; `!` behind one wakes; `all`, `none`. Words that are no kind are passed over. Undefined where there are no words. */
export function newsWish(text: string | undefined): NewsWish | undefined {
  const words = (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 0) return undefined;
  const isMeant = (kind: NewsKind) =>
    words.some((word) => [kind, `${kind}!`, "all", "all!"].includes(word));
  const isWaking = (kind: NewsKind) => words.some((word) => word === `${kind}!` || word === "all!");
  return {
    kinds: new Set(newsKinds.filter(isMeant)),
    wakes: new Set(newsKinds.filter(isWaking)),
  };
}

/** The home's file that says what its agents are told of. */
const newsFile = (home: string): string => join(home, "agent", "news");

/** What a home's agents are told of where their environment says nothing. */
export function homeNewsWish(home: string): NewsWish {
  try {
    return newsWish(readFileSync(newsFile(home), "utf8")) ?? usual;
  } catch {
    return usual;
  }
}
