import type { Out } from "../host.ts";

/** Writes and waits until the system has taken it. Answers false when the reader is gone (`| head`). */
export const write = (out: Out, text: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    if (text === "") return resolve(true);
    out.write(text, (error) => {
      if (!error) resolve(true);
      else if (isBrokenPipe(error)) resolve(false);
      else reject(error);
    });
  });

/** Whether writing failed because nobody reads any more. */
export const isBrokenPipe = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return ["ECONNRESET", "EOF", "EPIPE", "ERR_STREAM_DESTROYED"].includes(code ?? "");
};
