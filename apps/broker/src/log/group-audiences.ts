import { type Audience, audienceOfGroup, type Profile, withAncestors } from "@claudemesh/protocol";

/** The groups that a profile puts its member in: each that it names, with all their ancestors. */
export const groupAudiences = ({ fields }: Profile): Set<Audience> =>
  new Set((fields.groups ?? []).flatMap(withAncestors).map(audienceOfGroup));
