const reserved = /^(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/** The name that a fetched file gets here: what its sender calls it, without anything by which a name means more than a file in the folder that was asked for. */
export function safeName(name: string, otherwise: string): string {
  const plain = name
    .normalize("NFC")
    // Separators of any system, control and format characters, and what Windows keeps for itself.
    .replaceAll(/[/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "_")
    .replaceAll(/^[\s.~-]+|[\s.]+$/gu, "");
  const cut = cutTo(plain, 200);
  return cut === "" || reserved.test(cut) ? otherwise : cut;
}

/** At most so many bytes of UTF-8, keeping a short ending. */
function cutTo(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  let stem = [...name.slice(0, name.length - ending.length)];
  while (Buffer.byteLength(stem.join("")) > bytes - ending.length) {
    stem = stem.slice(0, Math.floor(stem.length * 0.9));
  }
  return `${stem.join("")}${ending}`;
}
