/** The names by which a broker may be dialled: its bind address, this machine, and its public URL; `host:port`, lower case. */
export function acceptedHosts(host: string, port: number, publicUrl: string): readonly string[] {
  const local = ["localhost", "127.0.0.1", "[::1]", bracketed(host)];
  // A dialer leaves out the port that its scheme has anyway.
  const names = local.flatMap((name) =>
    port === 80
      ? [name.toLowerCase(), `${name.toLowerCase()}:80`]
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
