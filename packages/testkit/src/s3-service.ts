import S3Server from "@20minutes/s3rver";

/** An S3 service in this process with one empty bucket `files`, whose keys are both `S3RVER`; its data lies in `folder`. */
export async function startS3(
  folder: string,
): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const server = new S3Server({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: folder,
    // It checks the signature of a list's query otherwise than S3 does.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: "files", configs: [] }],
  });
  const { port } = await server.run();
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
