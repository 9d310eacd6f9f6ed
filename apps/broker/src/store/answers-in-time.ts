import { MeshError } from "@claudemesh/protocol";

const checkTimeoutMs = 5000;

/** Waits for what shows that storage works; throws `unavailable` when it does not or takes too long. */
export async function answersInTime(answer: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new MeshError("unavailable", "the store does not answer")),
    checkTimeoutMs,
  );
  try {
    await Promise.race([answer, late.promise]);
  } catch (error) {
    if (error instanceof MeshError && error.code === "unavailable") throw error;
    throw new MeshError("unavailable", "the store does not work", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
