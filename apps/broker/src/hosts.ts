import type { IncomingMessage } from "node:http";

/** The names by which a broker may be dialled: its bind address, this machine, and its public URL; `host:port`, lower case. */
export function acceptedHosts(host: string, port: number, publicUrl: string): readonly string[] {
  const local = ["localhost", "127.0.0.1", "[::1]", bracketed(host)];
  // A dialer leaves out the port that its scheme has anyway.
  const names = local.flatMap((name) =>
    port === 80 || port === 443
      ? [name.toLowerCase(), `${name.toLowerCase()}:${port}`]
      : [`${name.toLowerCase()}:${port}`],
  );
  const url = publicUrl === "" ? undefined : new URL(publicUrl);
  if (url !== undefined) names.push(...publicNames(url));
  return [...new Set(names)];
}

/** With and without the port where it is the scheme's own: dialers differ in whether they name it. */
function publicNames(url: URL): string[] {
  if (url.port !== "") return [url.host];
  return [url.host, `${url.host}:${url.protocol === "https:" ? 443 : 80}`];
}

export const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Whether a request names one host, and that is one of these. Of two, the one that a proxy went by may be the other (RFC 9112, section 3.2). */
export function isForHost(
  { headers, rawHeaders }: Pick<IncomingMessage, "headers" | "rawHeaders">,
  hosts: readonly string[],
): boolean {
  const named = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host");
  return named.length === 1 && hosts.includes((headers.host ?? "").toLowerCase());
}

/** Whether a browser's page of this origin may connect: the broker's own pages, and those that the operator allows. */
export function isAllowedOrigin(
  origin: string,
  hosts: readonly string[],
  allowed: readonly string[],
): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin.toLowerCase()) return false;
  if (url.protocol !== "http:" && url.protocol !== "https:") return false;
  return (
    hosts.includes(url.host) ||
    publicNames(url).some((name) => hosts.includes(name)) ||
    allowed.includes(url.origin)
  );
}
