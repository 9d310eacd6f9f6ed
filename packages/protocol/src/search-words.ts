/** Scripts that put no space between words: what is written in them is compared by its neighbouring pairs of characters. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const runs = /[\p{L}\p{N}]+/gu;
const segments = new RegExp(`(?:${spaceless.source})+|(?:(?!${spaceless.source}).)+`, "gu");
/** between two words of an identifier: the ends of `get|User` and of `HTTP|Server` */
const humps = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/** The words of a text as search compares them: letters and digits, in lower case, without accents, so that every store takes them apart alike. */
export interface SearchWords {
  /** what stands there, as it stands there */
  readonly words: readonly string[];
  /** what identifiers such as `getUserById` are put together from */
  readonly parts: readonly string[];
  /** the words, with identifiers taken apart; empty where there is none of them */
  readonly apart: readonly string[];
  /** single characters of what is compared by its pairs */
  readonly singles: readonly string[];
}

const fold = (text: string): string => text.toLowerCase().replaceAll("ß", "ss");

export function searchWords(text: string): SearchWords {
  const words: string[] = [];
  const parts: string[] = [];
  const apart: string[] = [];
  const singles: string[] = [];
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");
  for (const [run] of plain.matchAll(runs)) {
    for (const [segment] of run.matchAll(segments)) {
      if (spaceless.test(segment)) {
        const chars = [...segment];
        const pairs = chars.slice(1).map((char, at) => `${chars[at]}${char}`);
        const own = pairs.length === 0 ? chars : pairs;
        words.push(...own);
        apart.push(...own);
        if (pairs.length > 0) singles.push(...chars);
        continue;
      }
      const own = segment.split(humps).map(fold);
      words.push(fold(segment));
      apart.push(...own);
      if (own.length > 1) parts.push(...own);
    }
  }
  return { words, parts, apart: parts.length === 0 ? [] : apart, singles };
}
