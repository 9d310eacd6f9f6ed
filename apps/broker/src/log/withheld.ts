import type { Audience } from "@claudemesh/protocol";

const mark = "w:";

/** The audience under which a message is kept that its recipient does not let through: nobody reads it, and to its sender everything is as with a recipient who is away. */
export const withheldFrom = (to: Audience): Audience => `${mark}${to}` as Audience;

/** Whom a withheld message was for; undefined for any other audience. */
export const withheldOf = (audience: Audience): Audience | undefined =>
  audience.startsWith(mark) ? (audience.slice(mark.length) as Audience) : undefined;
