/** One hostile text and the family of tricks that it belongs to. */
export interface Payload {
  readonly family: string;
  readonly name: string;
  readonly text: string;
}

/** A family of payloads: each of its texts, once per place in which it may stand. */
export const family = (
  name: string,
  texts: readonly string[],
  places: readonly ((text: string) => string)[] = inPlaces,
): Payload[] =>
  texts.flatMap((text, index) =>
    places.map((place, at) => ({
      family: name,
      name: `${name} ${index}.${at}`,
      text: place(text),
    })),
  );

/** At the beginning, behind harmless words, and on a line of its own between others. */
export const inPlaces: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `the build is green ${text} see you`,
  (text) => `first line\n\n${text}\n\nlast line`,
];

export const alone: readonly ((text: string) => string)[] = [(text) => text];
