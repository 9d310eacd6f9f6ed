/** A message's text names its value and how long it is, so that an altered one is noticed. */
export const textOf = (value: string, length: number): string =>
  `${value} ${length} ${"x".repeat(length)}`;

/** The value in a text; the text's beginning when it is not one of ours as it was sent. */
export function valueIn(text: string): string {
  const [value = "", length] = text.split(" ", 2);
  return text === textOf(value, Number(length)) ? value : text.slice(0, 60);
}
