import type { OpenOutput } from "@claudemesh/protocol";

/** The story of a message, one step per line. */
export const steps = ({ story }: OpenOutput<"message.why">): string =>
  story.map(({ what }) => what).join("\n");
