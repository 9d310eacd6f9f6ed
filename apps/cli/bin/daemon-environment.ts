/** What a daemon takes of the environment of whoever happens to start it: where things are and how the network is reached, nothing of a session or an agent. */
const kept =
  /^(?:APPDATA|CLAUDEMESH_(?!DAEMON$).*|COMSPEC|HOME|HOMEDRIVE|HOMEPATH|https?_proxy|HTTPS?_PROXY|LANG|LC_.*|LOCALAPPDATA|LOGNAME|NODE_(?:EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY)|no_proxy|NO_PROXY|PATH|PATHEXT|SSL_CERT_(?:DIR|FILE)|SystemRoot|TEMP|TMP|TMPDIR|TZ|USER|USERNAME|USERPROFILE|XDG_.*)$/;

/** Choices for one session, which must not stick to the daemon of all of them. */
const perSession: ReadonlySet<string> = new Set(["CLAUDEMESH_MESH", "CLAUDEMESH_NAME"]);

export const daemonEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Record<string, string | undefined> => ({
  ...Object.fromEntries(
    Object.entries(env).filter(([name]) => kept.test(name) && !perSession.has(name)),
  ),
  CLAUDEMESH_HOME: home,
});
