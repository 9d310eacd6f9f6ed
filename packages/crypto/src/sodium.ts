import sodium from "libsodium-wrappers-sumo";

/** Resolves when the primitives are loaded; await it once before anything else of this package. */
export const ready = (): Promise<void> => sodium.ready;

export { sodium };
