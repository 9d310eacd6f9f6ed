/** Characters that read alike in most fonts (a small part of Unicode UTS #39's confusables), after lower-casing. */
const alike: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  i: "l",
  "|": "l",
  а: "a",
  в: "b",
  е: "e",
  і: "l",
  ї: "l",
  ѕ: "s",
  ј: "j",
  к: "k",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  с: "c",
  т: "t",
  у: "y",
  х: "x",
  α: "a",
  ε: "e",
  ι: "l",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
};

/** What a name looks like: two names of one skeleton can be taken for each other. */
export function nameSkeleton(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\p{Z}\s]/gu, "");
  return [...plain]
    .map((char) => alike[char] ?? char)
    .join("")
    .replaceAll("rn", "m");
}

/** How names are compared when they are typed: without regard to case or composition. */
export const foldName = (name: string): string => name.trim().normalize("NFC").toLowerCase();
