import type { MessageState, Reader } from "@claudemesh/protocol";

/** States by which a message is with its reader, the nearest first; who is further has been through those before. */
const stages = ["stored", "offered", "in_context", "answered"] as const;
const words: Readonly<Record<(typeof stages)[number], string>> = {
  stored: "stored by",
  offered: "handed over to",
  in_context: "seen by",
  answered: "answered by",
};
const apart: readonly MessageState[] = ["held", "refused", "undeliverable"];

/** How far a message to many has got: `stored by 3 of 5, handed over to 2, refused by 1`. */
export function countsOf(readers: readonly Reader[], members: number | undefined): string {
  const at = (state: MessageState) => readers.filter((reader) => reader.state === state).length;
  const held = at("held");
  const further = stages.map((_stage, from) =>
    stages.slice(from).reduce((sum, state) => sum + at(state), 0),
  );
  const parts = stages.flatMap((stage, from) => {
    const count = (further[from] ?? 0) + (stage === "stored" ? held : 0);
    const of = from === 0 && members !== undefined ? ` of ${members}` : "";
    return count === 0 && from > 0 ? [] : [`${words[stage]} ${count}${of}`];
  });
  const others = apart.flatMap((state) => (at(state) === 0 ? [] : [`${state} by ${at(state)}`]));
  return [...parts, ...others].join(", ");
}
