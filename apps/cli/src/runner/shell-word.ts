/** Quotes a word for a shell, where it needs it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith("#")
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
