import { MeshError, withoutTrailingSlashes } from "@claudemesh/protocol";

/** A broker's URL as it was given, without its last slash. Throws `malformed` for what is no plain http or https URL. */
export function brokerUrl(text: string): string {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash;
  if (isPlain) return withoutTrailingSlashes(text);
  throw new MeshError("malformed", `broker: ${text} is not an http or https URL`, {
    hint: "for example: --broker https://mesh.example",
    detail: { field: "broker" },
  });
}
